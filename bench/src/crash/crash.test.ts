import { expect, test } from 'vitest';
import { ourCommand, ourServer } from '../server/commands.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { httpSource } from './read/tile-source.ts';
import { runCrashLoop } from './run-crash-loop.ts';
import { seededRandom } from './seeded-random.ts';

test('five cycles under mixed load: nothing acknowledged is lost, nothing served changes', {
  timeout: 120_000,
}, async () => {
  const workspace = await makeWorkspaceDir();
  try {
    const result = await runCrashLoop({
      workspace,
      rounds: 5,
      isTimeUp: () => false,
      writers: 32,
      loadMs: [150, 700],
      random: seededRandom(5),
      isOurs: true,
      server: (place) => ourServer(place),
      source: (place) => httpSource(place.ports.http),
      fsck: (place, log) => ourCommand(['log', 'fsck', place.storageDir, '--vkey', log.vkey]),
      fsckEvery: 2,
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
