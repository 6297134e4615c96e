import type { Fs } from '../fs/fs.ts';
import type { SimulatedDisk } from '../testing/simulated-disk.ts';
import type { Fault, FsOperation } from '../testing/simulated-fault.ts';
import type { Image } from './images.ts';
import { type Oracle, ROOT } from './oracle.ts';
import { runLog } from './run-log.ts';

/** One row of the fault table: what happens to which change of the disk, and what is left of it. */
export interface FaultCase {
  readonly image: Image;
  /** Number of the operation, from 0. */
  readonly at: number;
  readonly fault: Fault;
  /**
   * As for `SimulatedDisk.powerLoss`: 0 loses everything that was not synced, 1 nothing, others choose. With 'none'
   * only the process ends: what it did not sync is still there to be read, and still not durable.
   */
  readonly loss: number | 'none';
}

/** A process's view of the disk, changed: the mutation gate leaves syncs out. */
export type Disguise = (fs: Fs) => Fs;

/** The changes that the workload makes when nothing goes wrong. */
export async function operationsOf(image: Image): Promise<FsOperation[]> {
  const operations: FsOperation[] = [];
  const disk = image.disk.clone();
  const oracle = image.oracle();
  const fs = disk.process((operation) => {
    operations.push(operation);
    return undefined;
  });
  await image.workload(disk, fs, 10, oracle);
  oracle.fetchTiles(disk);
  oracle.checkRecovered(await oracle.checkPublished(disk));
  return operations;
}

/**
 * Runs the workload into the fault, then starts the log again, where clients repeat what they do not know about; cuts
 * the power, which takes all that was not synced, starts it once more, and goes on. After each step, what a static
 * server shows is a whole log that keeps every promise. Throws at the first one that is broken.
 */
export async function runFaultCase(row: FaultCase, disguise: Disguise = (fs) => fs): Promise<void> {
  const disk = row.image.disk.clone();
  const oracle = row.image.oracle();
  let count = 0;
  const faulty = disk.process(() => (count++ === row.at ? row.fault : undefined));
  // However the workload ends, what it was told holds.
  await row.image.workload(disk, disguise(faulty), 10, oracle).catch(() => undefined);
  faulty.end();
  oracle.fetchTiles(disk);
  if (row.loss !== 'none') disk.powerLoss(row.loss);
  await startAgain(disk, disguise, 20, oracle, row, [row.image.next, row.image.next + 2]);
  disk.powerLoss(0);
  await startAgain(disk, disguise, 30, oracle, row, [1000, 1001]);
}

async function startAgain(
  disk: SimulatedDisk,
  disguise: Disguise,
  seed: number,
  oracle: Oracle,
  row: FaultCase,
  [from, to]: readonly [number, number],
): Promise<void> {
  if (disk.find(`${ROOT}/checkpoint`) !== undefined) await oracle.checkPublished(disk);
  const process = disk.process();
  const run = await runLog(disk, disguise(process), seed, oracle);
  // A register cannot tear where a block is written whole: whatever else was damaged, the driver lost.
  const lost = run.store.recovery.repairs.filter(({ path }) => !path.startsWith('.state/wal/'));
  if (lost.length > 0 && row.fault.kind !== 'short') throw new Error(`lost: ${JSON.stringify(lost)}`);
  oracle.fetchTiles(disk);
  await run.add(from, to);
  oracle.fetchTiles(disk);
  oracle.checkRecovered(await oracle.checkPublished(disk));
  process.end();
}
