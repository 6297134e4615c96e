import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { leafHash } from '@tilewright/core/hash';
import type { EntryRequest } from '../../crash/load/request-supply.ts';

/** Keeps requests for the next run, which sends them again: a duplicate must be known after any number of restarts. */
export function writeRequests(file: string, requests: readonly EntryRequest[]): void {
  const rows = requests.map(({ json, wire, body }) => [json, wire, body].map((bytes) => bytes.toString('base64')));
  writeFileSync(file, JSON.stringify(rows));
}

/** Reads them; none where there is no file. */
export function readRequests(file: string): EntryRequest[] {
  if (!existsSync(file)) return [];
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly string[])[];
  return rows.map((row) => {
    const [json, wire, body] = row.map((text) => Buffer.from(text, 'base64'));
    if (json === undefined || wire === undefined || body === undefined) throw new Error(`${file} is damaged`);
    return { json, wire, body, leaf: leafHash(body) };
  });
}
