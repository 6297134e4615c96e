import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import type { BundleId, TileId } from '../tiles/tile-id.ts';
import { TILE_WIDTH } from '../tiles/tile-shape.ts';

/**
 * Whether a log with this minimum index may refuse to serve a tile or, without a level, a bundle: a full one all of whose
 * entries are below the minimum index. What is needed to prove any later entry never is (tlog-tiles, "Pruning").
 */
export function mayBePruned(object: TileId | BundleId, minimumIndex: number): boolean {
  const level = 'level' in object ? object.level : 0;
  // Beyond 2^53 the product is rounded, and above every index all the same.
  return object.width === TILE_WIDTH && (object.index + 1) * TILE_WIDTH ** (level + 1) <= minimumIndex;
}

/**
 * Checks the minimum index of a log: 0 … its size, which it cannot exceed.
 *
 * @throws CoreError `out-of-range`
 */
export function checkMinimumIndex(minimumIndex: number, size: number): void {
  if (!isCount(minimumIndex) || minimumIndex > size) {
    throw new CoreError('out-of-range', `the minimum index of a log of size ${size} is an integer from 0 to ${size}`);
  }
}
