import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Violation } from '../check/judge.ts';

/** Writes what shows each violation into a folder below `parent`: a folder for each, named after its kind. */
export async function writeEvidence(folder: string, violations: readonly Violation[]): Promise<void> {
  for (const { kind, message, evidence } of violations) {
    const inner = join(folder, kind);
    await mkdir(inner, { recursive: true });
    await writeFile(join(inner, 'what.txt'), `${message}\n`);
    for (const [name, bytes] of Object.entries(evidence)) await writeFile(join(inner, name), bytes);
  }
}
