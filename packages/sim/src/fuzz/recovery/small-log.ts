import { DEFAULT_LOG_OPTIONS, type Log, openLog } from '@tilewright/log';
import { type Fs, openPosixStore, type PosixLimits, type PosixOptions, type PosixStore } from '@tilewright/store-posix';
import { drive, type SimulatedWorld, simulatedWorld } from '@tilewright/store-posix/testing';
import { entry } from '../../world/entries.ts';
import { LOG_ID, logSigner, logVerifier, ORIGIN } from '../../world/log-key.ts';

/** Where the log lies on its disk. */
export const ROOT = '/srv/log';
const BLOCK = 4096;
/** Segments of four records; those that nothing needs are kept as long as there is any use in them. */
export const LIMITS: PosixLimits = {
  segmentBytes: 5 * BLOCK,
  reserveBytes: BLOCK,
  retention: { maxAgeMs: 1_000_000, maxBytes: 8 * 5 * BLOCK },
};
/** Longer than any of these logs takes to close. */
const CLOSE_MS = 60_000;

/** A log that is open, the way a server holds it. */
export interface SmallLog {
  readonly store: PosixStore;
  readonly log: Log;
  readonly world: SimulatedWorld;
}

/** Opens the driver alone. */
export function openStore(
  fs: Fs,
  world: SimulatedWorld,
  tileHeight: number,
  open: typeof openPosixStore = openPosixStore,
  mode: PosixOptions['mode'] = 'open-or-create',
): Promise<PosixStore> {
  return open({
    fs,
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...world,
    mode,
    dedupe: false,
    limits: LIMITS,
    tileHeight,
  });
}

/** Opens the engine on an open store: recovers, publishes, listens. */
export async function startLog(store: PosixStore, world: SimulatedWorld, tileHeight: number): Promise<SmallLog> {
  const deps = { origin: ORIGIN, signers: [logSigner(() => undefined)], verifier: logVerifier, ...store, ...world };
  const log = await drive(world.clock, openLog(deps, { ...DEFAULT_LOG_OPTIONS, tileHeight }));
  return { store, log, world };
}

/** Opens the store and then the engine. */
export async function startAll(fs: Fs, seed: number, tileHeight: number): Promise<SmallLog> {
  const world = simulatedWorld(seed);
  return startLog(await openStore(fs, world, tileHeight), world, tileHeight);
}

/** Adds entries `from` up to, without, `to` at once, and waits until they are published. */
export async function publishEntries({ log, world }: SmallLog, from: number, to: number): Promise<readonly number[]> {
  const receipts = Array.from({ length: to - from }, (_, i) => log.add(entry(from + i)));
  return (await drive(world.clock, Promise.all(receipts))).map(({ index }) => index);
}

/** Gives entries their indexes and nothing more: one record for each. */
export async function sequenceEntries(
  store: PosixStore,
  world: SimulatedWorld,
  from: number,
  to: number,
): Promise<void> {
  const { signal } = new AbortController();
  for (let n = from; n < to; n++) await store.sequence.append([entry(n).data], world.entropy.token(), signal);
}

export async function closeLog({ log, world }: SmallLog): Promise<void> {
  await drive(world.clock, log.close({ timeoutMs: CLOSE_MS }));
}
