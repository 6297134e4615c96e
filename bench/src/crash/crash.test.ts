import { expect, test } from 'vitest';
import { ourCommand, ourServer } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { runCrashLoop } from './run-crash-loop.ts';
import { seededRandom } from './seeded-random.ts';
import { httpSource } from './tile-source.ts';

test('five kills under load: nothing acknowledged is lost, nothing served changes', { timeout: 120_000 }, async () => {
  const workspace = await makeWorkspaceDir();
  try {
    const result = await runCrashLoop({
      workspace,
      rounds: 5,
      writers: 32,
      loadMs: [150, 700],
      random: seededRandom(5),
      server: (place) => ourServer(place),
      source: (place) => httpSource(place.ports.http),
      fsck: (place, log) => ourCommand(['log', 'fsck', place.storageDir, '--vkey', log.vkey]),
      say: () => {},
    });
    expect(result.violations).toEqual([]);
    expect(result.acknowledged).toBeGreaterThan(50);
    expect(result.entries).toBeGreaterThanOrEqual(result.acknowledged);
    expect(result.checkpoints).toBeGreaterThan(5);
    expect(result.paths).toBeGreaterThan(20);
  } finally {
    await workspace.remove();
  }
});
