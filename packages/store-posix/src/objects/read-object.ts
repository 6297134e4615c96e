import type { TilePath } from '@tilewright/core/tiles';
import { LogError } from '@tilewright/log';
import type { Fs } from '../fs/fs.ts';
import { isBelowTiles } from './directory-ledger.ts';

/** The object at `path`, or `undefined` when there is no such file. Doubt throws 'storage-failed'. */
export async function readObject(
  fs: Fs,
  root: string,
  path: TilePath,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (signal?.aborted) throw new LogError('aborted', `reading ${path} was called off`, { path });
  if (!isBelowTiles(path)) throw new LogError('not-found', 'not a path of a tile or bundle');
  try {
    return await fs.readFile(`${root}/${path}`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown error';
    throw new LogError('storage-failed', `could not read ${path}: ${why}`, { path, cause });
  }
}
