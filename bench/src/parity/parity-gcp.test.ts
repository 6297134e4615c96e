import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  NO_GCS_SERVER,
  NO_SPANNER_EMULATOR,
  skipsWithoutGcsServer,
  skipsWithoutSpannerEmulator,
} from '@tilewright/store-gcp/testing';
import { expect, test } from 'vitest';
import { REFERENCE_BINARY, REPOSITORY, referenceServer } from '../server/commands.ts';
import { parseDeclarations } from './declared.ts';
import { startGcpLogs } from './gcp-log.ts';
import { ourLogs, shortPhases } from './phases.ts';
import { runParity } from './run-parity.ts';

const present = existsSync(REFERENCE_BINARY);

test('40 rows of a log in a bucket: no undeclared difference from rekor-server-posix either', {
  timeout: 180_000,
}, async ({ skip }) => {
  skip(skipsWithoutGcsServer(), NO_GCS_SERVER);
  skip(skipsWithoutSpannerEmulator(), NO_SPANNER_EMULATOR);
  if (!present && process.env.TILEWRIGHT_REQUIRE_ALL !== '1') {
    skip('rekor-server-posix is not installed: run tools/install');
  }
  expect(present, 'rekor-server-posix is missing: run tools/install').toBe(true);
  const phases = shortPhases(40);
  const logs = await startGcpLogs(ourLogs(phases));
  try {
    const result = await runParity({
      phases,
      declarations: parseDeclarations(await readFile(join(REPOSITORY, 'docs', 'parity.md'), 'utf8')),
      reference: (place, flags) => referenceServer(REFERENCE_BINARY, place, flags),
      ours: logs.server,
      say: () => {},
    });
    expect(result.rows).toBe(40);
    expect(result.undeclared).toEqual([]);
  } finally {
    await logs.stop();
  }
});
