import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { DEFAULT_LOG_OPTIONS, type Log, type LogOptions, openLog } from '@tilewright/log';
import { realClock, realEntropy, recordEvents } from '@tilewright/log/testing';
import type { LogKey } from '@tilewright/signer';
import { type Fs, openPosixStore, type PosixLimits, type Repair } from '@tilewright/store-posix';
import { ProcessFs } from './process-fs.ts';
import type { PromiseBook } from './promises.ts';
import { WatchingFs } from './watching-fs.ts';

const BLOCK = 4096;
/** Small enough that a short life crosses the ends of segments, and drops some. */
const LIMITS: PosixLimits = {
  segmentBytes: 16 * BLOCK,
  reserveBytes: 4 * BLOCK,
  retention: { maxAgeMs: 500, maxBytes: 48 * BLOCK },
};
/** Partials are collected soon enough for a life of seconds. */
const OPTIONS: LogOptions = { ...DEFAULT_LOG_OPTIONS, collectIntervalMs: 100 };
const CLOSE_MS = 10_000;
const DEAD_MS = 50;

/** Where a log lives, and as whom. */
export interface LogHome {
  readonly dir: string;
  readonly key: LogKey;
  /** SQLite sees only real file systems, and no recording sees SQLite: in memory where the calls are what is recorded. */
  readonly dedupe: true | 'in-memory';
}

/** One process that serves a log, from its start to its end. */
export interface LogProcess {
  readonly log: Log;
  readonly repairs: readonly Repair[];
  /** How often partials were collected. */
  collections(): number;
  /** Adds these entries at once, and writes the answers down. */
  add(entries: readonly Uint8Array[]): Promise<void>;
  /** Throws unless everything was settled in time. */
  close(): Promise<void>;
  /** Ends the process as SIGKILL would. */
  kill(): Promise<void>;
}

/** Entry with this text, at least so many bytes long. */
export function entryOf(text: string, bytes = 0): Uint8Array {
  return encodeUtf8(text.padEnd(bytes, ' .'));
}

/** Starts the real engine on the real store, over `fs`. Throws whatever they throw, with nothing held. */
export async function startLog(home: LogHome, fs: Fs, book: PromiseBook): Promise<LogProcess> {
  const { dir, key } = home;
  const world = { clock: realClock(), entropy: realEntropy(), events: recordEvents() };
  const process = new ProcessFs(new WatchingFs(fs, dir, book));
  const signer: LogKey['signer'] = {
    ...key.signer,
    sign: (text) => {
      book.sign(text);
      return key.signer.sign(text);
    },
  };
  try {
    const store = await openPosixStore({
      fs: process,
      dir,
      identity: key,
      ...world,
      mode: 'open-or-create',
      dedupe: home.dedupe,
      limits: LIMITS,
    });
    const { objects, checkpoints, sequence, dedupe, recovery } = store;
    const stores = { objects, checkpoints, sequence, dedupe };
    const deps = { origin: key.origin, signers: [signer], verifier: key.verifier, ...stores, ...world };
    const log = await openLog(deps, OPTIONS).catch(async (error: unknown) => {
      await store.close().catch(() => undefined);
      throw error;
    });
    return {
      log,
      repairs: recovery.repairs,
      collections: () => world.events.seen.filter(({ type }) => type === 'collected').length,
      async add(entries) {
        const answers = entries.map(async (data) => {
          const { index, publication } = await log.add({ data, leafHash: leafHash(data) });
          book.answer(index, data, publication.tree.size);
        });
        await Promise.all(answers);
      },
      async close() {
        const how = await log.close({ timeoutMs: CLOSE_MS });
        if (how !== 'settled') throw new Error('the log did not close in time');
        await process.kill();
      },
      async kill() {
        await process.kill();
        // What is left of the engine holds timers and memory only.
        await log.close({ timeoutMs: DEAD_MS }).catch(() => undefined);
      },
    };
  } catch (error) {
    await process.kill();
    throw error;
  }
}
