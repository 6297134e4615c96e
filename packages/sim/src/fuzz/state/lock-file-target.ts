import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { type FuzzOutcome, type FuzzRandom, type FuzzTarget, must } from '@tilewright/fuzz';
import { type Fs, nodeFs, PosixError } from '@tilewright/store-posix';
import { LAYOUT, simulatedWorld, takeLock } from '@tilewright/store-posix/testing';

const REACHES = ['locked', 'refused as damaged', 'refused as held'] as const;
/** What SQLite looks for at the start of a database. */
const MAGIC = encodeUtf8('SQLite format 3\u0000');

/** The file that the lock is taken on: always empty, and worth nothing but for who holds it. */
export function lockFileTarget(lock: typeof takeLock = takeLock): FuzzTarget {
  return {
    name: 'lock-file',
    about: 'the file of the lock, which is empty, on a real file system',
    perMillion: 20_000,
    reaches: REACHES,
    prepare() {
      const dir = mkdtempSync(join(tmpdir(), 'tilewright-fuzz-'));
      mkdirSync(join(dir, LAYOUT.temp), { recursive: true });
      const fs = nodeFs();
      return {
        run: (random) => runLock(random, fs, dir, lock),
        close: async () => rmSync(dir, { recursive: true, force: true }),
      };
    },
  };
}

async function runLock(random: FuzzRandom, fs: Fs, dir: string, lock: typeof takeLock): Promise<FuzzOutcome> {
  const path = join(dir, LAYOUT.lock);
  const bytes = drawFile(random);
  const world = simulatedWorld(1);
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
  writeFileSync(path, bytes);
  const stray = random.chance(0.2) ? random.pick(['-journal', '-wal']) : undefined;
  if (stray !== undefined) writeFileSync(`${path}${stray}`, random.bytes(random.pick([0, 28, 600])));
  const how = stray === undefined ? [] : [`a file ${stray} beside it`];
  const kind = bytes.length === 0 && stray === undefined ? 'valid' : 'damaged';
  try {
    const held = await lock(fs, dir, world);
    try {
      return { kind, how, reached: [REACHES[0], ...(await refusedMeanwhile(fs, dir, lock))] };
    } finally {
      await held.lock.release();
    }
  } catch (error) {
    if (!(error instanceof PosixError)) throw error;
    const { code, path: named } = error;
    must(code === 'corrupt' && named === LAYOUT.lock, () => `refused with '${code}', ${named}: ${error.message}`);
    must(bytes.length > 0, () => `an empty file is refused: ${error.message}`);
    must(existsSync(path) && Buffer.compare(readFileSync(path), bytes) === 0, () => 'the file was changed');
    return { kind, how, reached: [REACHES[1]] };
  }
}

/** Whoever comes second is refused, whatever is in the file. */
async function refusedMeanwhile(fs: Fs, dir: string, lock: typeof takeLock): Promise<string[]> {
  try {
    const second = await lock(fs, dir, simulatedWorld(2));
    await second.lock.release();
  } catch (error) {
    if (error instanceof PosixError && error.code === 'locked') return [REACHES[2]];
    throw error;
  }
  must(false, () => 'two hold one lock');
  return [];
}

function drawFile(random: FuzzRandom): Uint8Array {
  if (random.chance(0.06)) return new Uint8Array(0);
  const bytes = random.bytes(random.pick([1, 16, 99, 100, 512, 4096, 5000]));
  if (random.chance(0.7)) bytes.set(MAGIC.subarray(0, bytes.length));
  // A page size, and versions that SQLite knows: what follows is read then.
  if (random.chance(0.7) && bytes.length > 30)
    bytes.set([16, 0, random.pick([1, 2]), random.pick([1, 2]), 0, 64, 32, 32], 16);
  if (random.chance(0.3)) bytes.fill(0, Math.min(bytes.length, random.pick([0, 24, 100])));
  return bytes;
}
