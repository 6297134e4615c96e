import { CoreError } from '@tilewright/core/error';
import { consistencyProofRanges, proveConsistency, type Tree, verifyConsistency } from '@tilewright/core/merkle';
import { neededTiles, subtreeHasher, type TileShape } from '@tilewright/core/tiles';
import { type ObjectReader, readHashTile } from './read-objects.ts';

/**
 * Whether the tree `now` continues the tree `old`: proved from the tiles of `now` and against both roots (RFC 6962,
 * section 2.1.2). A partial tile as wide as `old` proves nothing: where a log forked it is of another branch.
 * Throws 'corrupt' when a tile of `now` is missing.
 */
export async function continues(objects: ObjectReader, now: Tree, old: Tree, shape: TileShape): Promise<boolean> {
  if (old.size > now.size) return false;
  const needed = neededTiles(consistencyProofRanges(old.size, now.size), now.size, shape);
  const tiles = new Map<string, Uint8Array>();
  const read = needed.map(async (tile) => {
    tiles.set(`${tile.level}/${tile.index}`, await readHashTile(objects, tile, now.size, { shape }));
  });
  await Promise.all(read);
  const tileAt = (level: number, index: number): Uint8Array => tiles.get(`${level}/${index}`) ?? new Uint8Array(0);
  const proof = proveConsistency(old.size, now.size, subtreeHasher(now.size, tileAt, shape));
  try {
    verifyConsistency(old, now, proof);
    return true;
  } catch (error) {
    if (error instanceof CoreError && error.code === 'proof-invalid') return false;
    throw error;
  }
}
