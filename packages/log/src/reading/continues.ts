import { CoreError } from '@tilewright/core/error';
import { type Tree, verifyConsistency } from '@tilewright/core/merkle';
import type { TileShape } from '@tilewright/core/tiles';
import { proveGrowth } from './prove-growth.ts';
import type { ObjectReader } from './read-objects.ts';

/**
 * Whether the tree `now` continues the tree `old`: proved from the tiles of `now` and against both roots (RFC 6962,
 * section 2.1.2). A partial tile as wide as `old` proves nothing: where a log forked it is of another branch.
 * Throws 'corrupt' when a tile of `now` is missing.
 */
export async function continues(objects: ObjectReader, now: Tree, old: Tree, shape: TileShape): Promise<boolean> {
  if (old.size > now.size) return false;
  const proof = await proveGrowth(objects, now, old.size, shape);
  try {
    verifyConsistency(old, now, proof);
    return true;
  } catch (error) {
    if (error instanceof CoreError && error.code === 'proof-invalid') return false;
    throw error;
  }
}
