import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../flags/command-line.ts';
import { resolveFlags } from '../flags/resolve-flags.ts';
import { checkSettings, type ServeSettings, serveFlags } from '../serve/config/settings.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { makeKeyIfAbsent } from './make-key.ts';
import { keepTrustDocuments } from './trust-documents.ts';

async function settings(keyFile: string, origin: string, ...more: readonly string[]): Promise<ServeSettings> {
  const words = ['--storage-dir', `${keyFile}.log`, '--signer-filepath', keyFile, '--hostname', origin, ...more];
  const resolved = resolveFlags(serveFlags, parseCommandLine(serveFlags, words));
  const { settings: checked, problems } = await checkSettings(resolved);
  if (checked === undefined) throw new Error(problems.join());
  return checked;
}

test('the documents follow key and URL, and are left alone while these stay', async () => {
  const directory = temporaryDirectory();
  const key = join(directory, 'key.pem');
  writeFileSync(key, generateEd25519KeyPem(), { mode: 0o600 });
  utimesSync(key, 1_800_000_000, 1_800_000_000.9);
  const data = join(directory, 'data');
  const first = keepTrustDocuments(data, await settings(key, 'localhost'));
  expect(first.written).toEqual([join(data, 'trusted_root.json'), join(data, 'signing_config.json')]);
  const root = readFileSync(first.trustedRoot, 'utf8');
  expect(JSON.parse(root).tlogs[0]).toMatchObject({
    baseUrl: 'http://localhost:3000',
    publicKey: { validFor: { start: '2027-01-15T08:00:00Z' } },
  });
  expect(keepTrustDocuments(data, await settings(key, 'localhost')).written).toEqual([]);
  expect(keepTrustDocuments(data, await settings(key, 'localhost', '--http-port=80')).written).toHaveLength(2);
  expect(JSON.parse(readFileSync(first.trustedRoot, 'utf8')).tlogs[0].baseUrl).toBe('http://localhost');
  writeFileSync(key, generateEd25519KeyPem());
  expect(keepTrustDocuments(data, await settings(key, 'localhost', '--http-port=80')).written).toContain(
    first.trustedRoot,
  );
  const noHost = await settings(key, 'no/?host');
  expect(() => keepTrustDocuments(data, noHost)).toThrow('http or https URL');
});

test('a key is made once, whole, for its owner alone, and never replaced', () => {
  const path = join(temporaryDirectory(), 'new/folder/key.pem');
  expect(makeKeyIfAbsent(path)).toBe(true);
  expect([statSync(path).mode % 0o1000, statSync(join(path, '..')).mode % 0o1000]).toEqual([0o600, 0o700]);
  const text = readFileSync(path, 'utf8');
  expect(makeKeyIfAbsent(path)).toBe(false);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
