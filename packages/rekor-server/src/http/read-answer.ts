import { CoreError } from '@tilewright/core/error';
import { bundlePath, parseTilePath, type TilePath, tilePath } from '@tilewright/core/tiles';
import type { ReadPath } from '../reading/read-path.ts';
import { type Answer, NOT_FOUND } from './answer.ts';

/** What is read is public: pages of other origins may read it too. */
const CORS = ['Access-Control-Allow-Origin', '*'];
/** A checkpoint changes, a tile never does. */
const CHECKPOINT_HEADERS = [...CORS, 'Cache-Control', 'no-cache'];
const TILE_HEADERS = [...CORS, 'Cache-Control', 'max-age=604800,immutable'];
/** An object that is not there yet may be there soon. */
const ABSENT: Answer = { ...NOT_FOUND, headers: [...CORS, 'Cache-Control', 'no-store'] };

/** The one canonical path that `path` names, or nothing: anything else than a tile or bundle does not exist. */
function canonicalTilePath(path: string): TilePath | undefined {
  try {
    const parts = parseTilePath(path);
    return parts.kind === 'hash' ? tilePath(parts.tile) : bundlePath(parts.bundle);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

/**
 * Answers for `checkpoint` or `tile/...`, the path without any prefix; `undefined` for a path that no log has, which is
 * everything but the one canonical path of each object. Throws what the store throws.
 */
export async function readAnswer(readPath: ReadPath, path: string): Promise<Answer | undefined> {
  if (path === 'checkpoint') {
    const note = await readPath.checkpoint();
    if (note === undefined) return ABSENT;
    return { status: 200, contentType: 'text/plain; charset=utf-8', body: note, headers: CHECKPOINT_HEADERS };
  }
  const tile = canonicalTilePath(path);
  if (tile === undefined) return undefined;
  const bytes = await readPath.tile(tile);
  if (bytes === undefined) return ABSENT;
  return { status: 200, contentType: 'application/octet-stream', body: bytes, headers: TILE_HEADERS };
}
