import type { Fs } from '../fs/fs.ts';
import type { SimulatedDisk } from '../testing/simulated-disk.ts';
import { drive } from './drive.ts';
import type { Oracle } from './oracle.ts';
import { runLog } from './run-log.ts';

/** Longer than the engine waits before it looks for superseded partial tiles. */
export const COLLECTED_BY_THEN_MS = 6_000;

/** What a server does between two starts. */
export type Workload = (disk: SimulatedDisk, fs: Fs, seed: number, oracle: Oracle) => Promise<void>;

/** Starts, takes one entry in, and stops. */
export const shortLife: Workload = async (disk, fs, seed, oracle) => {
  const run = await runLog(disk, fs, seed, oracle);
  await run.add(0, 1);
  await run.close();
};

/**
 * Recovers, takes entries in, alone and together, across the end of a tile and of a segment, publishes each time,
 * collects what is superseded, and stops.
 */
export const fullLife: Workload = async (disk, fs, seed, oracle) => {
  const run = await runLog(disk, fs, seed, oracle);
  const first = run.log.status().next;
  await run.add(first, first + 1);
  await run.add(first + 1, first + 6);
  const { clock } = run.world;
  await drive(clock, clock.sleep(COLLECTED_BY_THEN_MS, new AbortController().signal));
  await run.add(first + 6, first + 7);
  await run.close();
};
