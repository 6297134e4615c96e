import { readdirSync, readFileSync } from 'node:fs';
import { decodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { naiveTree } from '@tilewright/core/testing';
import { type CheckedLog, checkLog } from '@tilewright/log/testing';
import { type Fs, openPosixReader } from '@tilewright/store-posix';
import { inTime } from './in-time.ts';
import { bothPromises, type PromiseBook, type Promises } from './promises.ts';
import { entryOf, type LogHome, type LogProcess, startLog } from './start-log.ts';

/** Longer than any recovery of so small a log takes. */
const HANGS_AFTER_MS = 30_000;

/** What a power loss left, and what had been promised. */
export interface Aftermath {
  readonly home: LogHome;
  readonly promised: Promises;
  /** Set apart the entries that are new here. */
  readonly name: string;
  /** The file system of the process that recovers. */
  readonly fs: Fs;
  /** Takes down what that process promises. */
  readonly book: PromiseBook;
}

/**
 * Judges a directory that a power loss left: what a static server shows at once, then what is there after the real
 * driver has recovered it, then after the engine has gone on. Throws at the first promise that is broken.
 */
export async function judge(aftermath: Aftermath): Promise<void> {
  const { home, promised, book } = aftermath;
  const cache = new StickyCache(home.dir, promised);
  cache.look();
  await checkStatic(home, promised);
  const process = await inTime(startLog(home, aftermath.fs, book), 'recovery', HANGS_AFTER_MS);
  try {
    // A block is written whole or not at all: the driver alone can have damaged anything but the end of a segment.
    const damaged = process.repairs.filter(({ path }) => !path.startsWith('.state/wal/'));
    if (damaged.length > 0) throw new Error(`damaged: ${JSON.stringify(damaged)}`);
    cache.look();
    requireNothingForked(await checkNow(home), promised);
    await inTime(goOn(process, aftermath), 'going on', HANGS_AFTER_MS);
    await inTime(process.close(), 'closing', HANGS_AFTER_MS);
  } catch (error) {
    await process.kill();
    throw error;
  }
  cache.look();
  const all = bothPromises(promised, book);
  const log = await checkNow(home);
  requireAnswers(log, all);
  requireNothingForked(log, all);
}

/** A cache in front of the log, which keeps the first bytes of each path for ever. */
class StickyCache {
  readonly #dir: string;
  readonly #first = new Map<string, Uint8Array>();

  constructor(dir: string, promised: Promises) {
    this.#dir = dir;
    for (const { path, bytes } of promised.served) this.#keep(path, bytes);
  }

  /** Fetches everything that is to be had. */
  look(): void {
    for (const path of filesBelow(this.#dir, 'tile')) this.#keep(path, readFileSync(`${this.#dir}/${path}`));
  }

  #keep(path: string, bytes: Uint8Array): void {
    const first = this.#first.get(path);
    if (first === undefined) this.#first.set(path, bytes);
    else if (!equalBytes(first, bytes)) throw new Error(`${path} served two byte strings`);
  }
}

function filesBelow(dir: string, path: string): string[] {
  try {
    return readdirSync(`${dir}/${path}`, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesBelow(dir, `${path}/${entry.name}`) : [`${path}/${entry.name}`],
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Before anybody recovers anything: what was published stays published, whole. */
async function checkStatic(home: LogHome, promised: Promises): Promise<void> {
  const reader = openPosixReader(home.dir);
  if ((await reader.checkpoints.read()) === undefined) {
    if (promised.answers.length > 0) throw new Error('the checkpoint is gone');
    return;
  }
  requireAnswers(await checkNow(home), promised);
}

function checkNow({ dir, key }: LogHome): Promise<CheckedLog> {
  return checkLog({ origin: key.origin, verifier: key.verifier, ...openPosixReader(dir) });
}

function requireAnswers(log: CheckedLog, { answers }: Promises): void {
  const indexes = new Map<string, number>();
  for (const { index, data, size } of answers) {
    const text = decodeUtf8(data);
    const first = indexes.get(text) ?? index;
    if (first !== index) throw new Error(`one entry was answered at ${first} and at ${index}`);
    indexes.set(text, index);
    if (log.size < size) throw new Error(`a tree of ${size} entries was published, now there is one of ${log.size}`);
    const found = log.entries[index];
    if (found === undefined || !equalBytes(found, data)) throw new Error(`the entry answered at ${index} is lost`);
  }
}

/** Every tree that was ever signed is the beginning of this one. */
function requireNothingForked(log: CheckedLog, { signed }: Promises): void {
  const tree = naiveTree(log.entries.map((entry) => leafHash(entry)));
  for (const { tree: old } of signed) {
    if (old.size > log.size) throw new Error(`a tree of ${old.size} entries was signed, ${log.size} are left`);
    if (!equalBytes(tree.root(0, old.size), old.root)) {
      throw new Error(`the log of ${old.size} entries has another root now: it forked`);
    }
  }
}

/** New entries, and three old ones: those keep their index, which is checked with all the other answers. */
async function goOn(process: LogProcess, { promised, name }: Aftermath): Promise<void> {
  const { answers } = promised;
  const again = [0, 0.5, 1].flatMap((place) => answers[Math.floor((answers.length - 1) * place)] ?? []);
  const fresh = [0, 1].map((i) => entryOf(`${name}, new entry ${i}`));
  await process.add([...fresh, ...again.map(({ data }) => data)]);
}
