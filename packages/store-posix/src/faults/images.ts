import { openPosixStore } from '../open-posix-store.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import type { FsOperation, Intercept } from '../testing/simulated-fault.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';
import { Oracle, ROOT } from './oracle.ts';
import { entryData, LIMITS, runLog } from './run-log.ts';
import { LOG_ID, ORIGIN } from './test-key.ts';
import { fullLife, shortLife, type Workload } from './workload.ts';

/** Entries that the image holds, published. */
export const PUBLISHED = 250;
/** A disk and what was promised on it. */
export interface Image {
  readonly disk: SimulatedDisk;
  readonly oracle: () => Oracle;
  /** Number of the first entry that the workload will add. */
  readonly next: number;
  /** What the first process does. */
  readonly workload: Workload;
}

/** A disk without a log. */
export function emptyImage(): Image {
  return { disk: new SimulatedDisk(), oracle: () => new Oracle(), next: 0, workload: shortLife };
}

/**
 * The disk of a log whose process was killed at a bad moment: {@link PUBLISHED} entries are published, two more are
 * sequenced and not integrated, and the record after them is torn. All of that is durable.
 */
export async function crashedImage(): Promise<Image> {
  const disk = new SimulatedDisk();
  const first = await runLog(disk, disk.process(), 1, new Oracle());
  await first.add(0, PUBLISHED);
  await first.close();
  await appendAndDie(disk);
  disk.powerLoss(1);
  return {
    disk,
    next: PUBLISHED + 2,
    workload: fullLife,
    oracle: () => {
      const oracle = new Oracle();
      const tree = first.log.published().tree;
      for (let i = 0; i < PUBLISHED; i++) oracle.acknowledged(i, entryData(i), tree);
      return oracle;
    },
  };
}

async function appendAndDie(disk: SimulatedDisk): Promise<void> {
  let appends = 0;
  const tearSecond: Intercept = ({ kind, path }: FsOperation) => {
    if (kind !== 'pwrite' || !path.includes('/segment-00000002')) return undefined;
    appends += 1;
    // Opening wrote header and zeros; then comes the record that stays, then the one that is torn.
    if (appends === 4) return { kind: 'short', bytes: 4096 };
    return appends === 5 ? { kind: 'stop-before' } : undefined;
  };
  const world = simulatedWorld(2);
  const { sequence } = await openPosixStore({
    fs: disk.process(tearSecond),
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...world,
    mode: 'open',
    dedupe: false,
    limits: LIMITS,
  });
  const { signal } = new AbortController();
  await sequence.append([entryData(PUBLISHED), entryData(PUBLISHED + 1)], world.entropy.token(), signal);
  const torn = sequence.append([new Uint8Array(6_000).fill(1)], world.entropy.token(), signal);
  await torn.then(
    () => Promise.reject(new Error('the append was to be torn')),
    () => undefined,
  );
}
