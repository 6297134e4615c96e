import type { SyncPurpose } from '@tilewright/store-posix';
import { type SimulatedDisk, simulatedWorld } from '@tilewright/store-posix/testing';
import { openStore, publishEntries, sequenceEntries, startAll } from './small-log.ts';

/** A disk, and the height of the tiles of the log on it. */
export interface Stage {
  readonly disk: SimulatedDisk;
  readonly tileHeight: number;
}

/** Opens the log, publishes entries up to `published`, gives indexes to those up to `sequenced`, and is killed. */
export async function live(
  { disk, tileHeight }: Stage,
  seed: number,
  from: number,
  published: number,
  sequenced: number,
): Promise<void> {
  const process = disk.process();
  const running = await startAll(process, seed, tileHeight);
  for (let n = from; n < published; n++) await publishEntries(running, n, n + 1);
  await sequenceEntries(running.store, running.world, published, sequenced);
  process.end();
}

/** Opens the store, and is killed before the copies that it made count. */
export async function dieOpening({ disk, tileHeight }: Stage, seed: number): Promise<void> {
  const process = disk.process(({ purpose }) => (purpose === 'tree-opened' ? { kind: 'stop-before' } : undefined));
  await mustFail(openStore(process, simulatedWorld(seed), tileHeight));
}

/** Publishes what is there, and is killed over a record of two blocks, one of them written. */
export async function dieAppending({ disk, tileHeight }: Stage, seed: number): Promise<void> {
  let tear = false;
  let writes = 0;
  const process = disk.process(({ kind }) => {
    if (!tear || kind !== 'pwrite') return undefined;
    return writes++ === 0 ? { kind: 'short', bytes: 4096 } : { kind: 'stop-before' };
  });
  const { store, world } = await startAll(process, seed, tileHeight);
  tear = true;
  const { signal } = new AbortController();
  await mustFail(store.sequence.append([new Uint8Array(5_000).fill(1)], world.entropy.token(), signal));
}

/** Takes entry `next` in, and loses power before this step of its publication. */
export async function diePublishing(
  { disk, tileHeight }: Stage,
  seed: number,
  next: number,
  step: SyncPurpose,
): Promise<void> {
  const process = disk.process(({ purpose }) => (purpose === step ? { kind: 'stop-before' } : undefined));
  const running = await startAll(process, seed, tileHeight);
  await mustFail(publishEntries(running, next, next + 1));
  disk.powerLoss(0);
}

/** Gives entry `next` an index without the engine; then the engine opens the log, and loses power before it signs anything. */
export async function dieReplaying({ disk, tileHeight }: Stage, seed: number, next: number): Promise<void> {
  const before = disk.process();
  const world = simulatedWorld(seed);
  await sequenceEntries(await openStore(before, world, tileHeight), world, next, next + 1);
  before.end();
  const process = disk.process(({ purpose }) => (purpose === 'floor-raised' ? { kind: 'stop-before' } : undefined));
  await mustFail(startAll(process, seed + 1, tileHeight));
  disk.powerLoss(0);
}

async function mustFail(work: Promise<unknown>): Promise<void> {
  const done = await work.then(
    () => true,
    () => false,
  );
  if (done) throw new Error('the process was to be killed on the way');
}
