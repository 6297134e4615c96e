import { encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { DEFAULT_LOG_OPTIONS, type Log, openLog } from '@tilewright/log';
import { BLOCK } from '../directory/layout.ts';
import type { Fs } from '../fs/fs.ts';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixLimits, PosixStore } from '../posix-options.ts';
import { decodeSlot } from '../register/register-codec.ts';
import type { SimulatedDisk } from '../testing/simulated-disk.ts';
import { type SimulatedWorld, simulatedWorld } from '../testing/simulated-world.ts';
import { drive } from './drive.ts';
import { type Oracle, ROOT } from './oracle.ts';
import { LOG_ID, logSigner, logVerifier, ORIGIN } from './test-key.ts';

/** Small enough that every run crosses the end of a segment, and drops one. */
export const LIMITS: PosixLimits = {
  segmentBytes: 4 * 4096,
  reserveBytes: 4 * 4096,
  retention: { maxAgeMs: 1_000, maxBytes: 8 * 4096 },
};

/** Entry number `i`. */
export function entryData(i: number): Uint8Array {
  return encodeUtf8(`entry number ${i}`);
}

/** A log on a simulated disk, the way a server runs it. */
export interface RunningLog {
  readonly world: SimulatedWorld;
  readonly store: PosixStore;
  readonly log: Log;
  /** Adds entries `from` up to, without, `to` at once, and reports the answers to the oracle. */
  add(from: number, to: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens store and log. `fs` is the process's view of `disk`. */
export async function runLog(disk: SimulatedDisk, fs: Fs, seed: number, oracle: Oracle): Promise<RunningLog> {
  const world = simulatedWorld(seed);
  const store = await openPosixStore({
    fs,
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...world,
    mode: 'open-or-create',
    dedupe: 'in-memory',
    limits: LIMITS,
    tileHeight: oracle.tileHeight,
  });
  const signer = logSigner((text) => {
    oracle.signed(text, durableFloor(disk));
  });
  const { objects, checkpoints, sequence, dedupe } = store;
  const deps = { origin: ORIGIN, signers: [signer], verifier: logVerifier, objects, checkpoints, sequence, dedupe };
  const options = { ...DEFAULT_LOG_OPTIONS, tileHeight: oracle.tileHeight };
  const log = await drive(world.clock, openLog({ ...deps, ...world }, options));
  return {
    world,
    store,
    log,
    async add(from, to) {
      const data = Array.from({ length: to - from }, (_, i) => entryData(from + i));
      const answers = data.map(async (bytes) => {
        const hash: Hash = leafHash(bytes);
        const { index, publication } = await log.add({ data: bytes, leafHash: hash });
        oracle.acknowledged(index, bytes, publication.tree);
      });
      await drive(world.clock, Promise.all(answers));
    },
    async close() {
      await drive(world.clock, log.close({ timeoutMs: 60_000 }));
    },
  };
}

/** Size of the signed floor as a power loss right now would leave it. */
function durableFloor(disk: SimulatedDisk): number {
  const after = disk.clone();
  after.powerLoss(0);
  if (after.find(`${ROOT}/.state/floor`) === undefined) return -1;
  const file = after.file(`${ROOT}/.state/floor`);
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  const slots = [bytes.subarray(0, BLOCK), bytes.subarray(BLOCK)].map((slot) => decodeSlot('floor', LOG_ID, slot));
  return Math.max(...slots.map((slot) => slot?.tree.size ?? -1));
}
