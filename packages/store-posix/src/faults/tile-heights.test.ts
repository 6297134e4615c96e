import { fullPath, type TilePath } from '@tilewright/core/tiles';
import { describe, expect, test } from 'vitest';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { drive } from './drive.ts';
import { Oracle, ROOT } from './oracle.ts';
import { type RunningLog, runLog } from './run-log.ts';
import { COLLECTED_BY_THEN_MS } from './workload.ts';

/** Partials on the disk whose full tile is there as well. */
function superseded(disk: SimulatedDisk): string[] {
  const paths = disk.files(`${ROOT}/tile`);
  return paths.filter((path) => path.includes('.p/') && paths.includes(fullPath(path as string as TilePath)));
}

async function addAll(run: RunningLog, batches: readonly number[]): Promise<void> {
  for (const count of batches) {
    const from = run.log.status().next;
    await run.add(from, from + count);
  }
}

describe.each([1, 2])('a log in tiles of height %i on a simulated disk', (tileHeight) => {
  test('one by one and in batches, across restarts and power losses: whole, collected, and never two byte strings', async () => {
    const disk = new SimulatedDisk();
    const oracle = new Oracle(tileHeight);
    const lives = [[1, 1, 1, 1, 1, 1, 1, 1, 1], [3, 1, 5, 2], [], [7, 1, 1, 8, 4]];
    for (const [seed, batches] of lives.entries()) {
      const process = disk.process();
      const run = await runLog(disk, process, seed + 1, oracle);
      await addAll(run, batches);
      oracle.fetchTiles(disk);
      const { clock } = run.world;
      await drive(clock, clock.sleep(COLLECTED_BY_THEN_MS, new AbortController().signal));
      expect(superseded(disk)).toEqual([]);
      await run.close();
      process.end();
      disk.powerLoss(0);
      oracle.fetchTiles(disk);
      oracle.checkRecovered(await oracle.checkPublished(disk));
    }
    expect((await oracle.checkPublished(disk)).size).toBe(41);
  });

  test('the power goes at every size from 1 to 24, with whatever was not synced: the log goes on from there', async () => {
    const disk = new SimulatedDisk();
    const oracle = new Oracle(tileHeight);
    for (let size = 1; size <= 24; size++) {
      const process = disk.process();
      const run = await runLog(disk, process, size, oracle);
      await addAll(run, [1]);
      // Nobody closes it.
      process.end();
      disk.powerLoss(0);
      oracle.fetchTiles(disk);
      expect((await oracle.checkPublished(disk)).size).toBe(size);
    }
    oracle.checkRecovered(await oracle.checkPublished(disk));
  });
});
