import type { Hash } from '@tilewright/core/bytes';
import { consistencyProofRanges, proveConsistency, type Tree } from '@tilewright/core/merkle';
import { neededTiles, subtreeHasher, type TileShape } from '@tilewright/core/tiles';
import { type ObjectReader, readHashTile } from './read-objects.ts';

/**
 * The proof that `now` continues its first `oldSize` leaves, from the tiles of `now` (RFC 6962, section 2.1.2). It is not
 * checked here. Throws 'corrupt' when a tile is missing.
 */
export async function proveGrowth(
  objects: ObjectReader,
  now: Tree,
  oldSize: number,
  shape: TileShape,
): Promise<readonly Hash[]> {
  const needed = neededTiles(consistencyProofRanges(oldSize, now.size), now.size, shape);
  const tiles = new Map<string, Uint8Array>();
  const read = needed.map(async (tile) => {
    tiles.set(`${tile.level}/${tile.index}`, await readHashTile(objects, tile, now.size, { shape }));
  });
  await Promise.all(read);
  const tileAt = (level: number, index: number): Uint8Array => tiles.get(`${level}/${index}`) ?? new Uint8Array(0);
  return proveConsistency(oldSize, now.size, subtreeHasher(now.size, tileAt, shape));
}
