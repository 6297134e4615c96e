import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ourServer, REFERENCE_BINARY, REPOSITORY, referenceServer } from '../server/commands.ts';
import { parseDeclarations } from './declared.ts';
import { shortPhases } from './phases.ts';
import { runParity } from './run-parity.ts';

const present = existsSync(REFERENCE_BINARY);

test('40 rows: no undeclared difference from rekor-server-posix', { timeout: 120_000 }, async ({ skip }) => {
  if (!present && process.env.TILEWRIGHT_REQUIRE_ALL !== '1') {
    skip('rekor-server-posix is not installed: run tools/install');
  }
  expect(present, 'rekor-server-posix is missing: run tools/install').toBe(true);
  const result = await runParity({
    phases: shortPhases(40),
    declarations: parseDeclarations(await readFile(join(REPOSITORY, 'docs', 'parity.md'), 'utf8')),
    reference: (place, flags) => referenceServer(REFERENCE_BINARY, place, flags),
    ours: (place, flags) => ourServer(place, flags),
    say: () => {},
  });
  expect(result.rows).toBe(40);
  expect(result.undeclared).toEqual([]);
});
