import { MAX_ENTRY_SIZE, TILE_WIDTH, type TilePath } from '@tilewright/core/tiles';
import { LogError } from '@tilewright/log';
import { LAYOUT } from '../directory/layout.ts';
import type { Fs } from '../fs/fs.ts';
import { isBelowTiles } from './directory-ledger.ts';

/** The longest hash tile and the longest bundle there can be, in bytes. */
const MOST_TILE = TILE_WIDTH * 32;
const MOST_BUNDLE = TILE_WIDTH * (2 + MAX_ENTRY_SIZE);

/**
 * The object at `path`, or `undefined` when there is no such file. Doubt throws 'storage-failed'; a file that is longer
 * than any such object throws 'corrupt', and is not read.
 */
export async function readObject(
  fs: Fs,
  root: string,
  path: TilePath,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (signal?.aborted) throw new LogError('aborted', `reading ${path} was called off`, { path });
  if (!isBelowTiles(path)) throw new LogError('not-found', 'not a path of a tile or bundle');
  try {
    const size = (await fs.stat(`${root}/${path}`))?.size ?? 0;
    const most = path.startsWith(`${LAYOUT.tiles}/entries/`) ? MOST_BUNDLE : MOST_TILE;
    if (size > most) {
      throw new LogError('corrupt', `${path} is ${size} bytes long: put it back from a backup or a mirror`, { path });
    }
    return await fs.readFile(`${root}/${path}`);
  } catch (cause) {
    if (cause instanceof LogError) throw cause;
    const why = cause instanceof Error ? cause.message : 'unknown error';
    throw new LogError('storage-failed', `could not read ${path}: ${why}`, { path, cause });
  }
}
