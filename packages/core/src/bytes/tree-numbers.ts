import { CoreError } from '../core-error.ts';
import type { Branded } from './branded.ts';

/** Position of a leaf: an integer in 0 … 2^53-2. */
export type LeafIndex = Branded<number, 'LeafIndex'>;

/** Number of leaves: an integer in 0 … 2^53-1. */
export type TreeSize = Branded<number, 'TreeSize'>;

/**
 * Checks that `n` can be the index of a leaf.
 *
 * @throws CoreError `out-of-range` when `n` is not an integer in 0 … 2^53-2 (the tree that holds it has a size too).
 */
export function asLeafIndex(n: number): LeafIndex {
  if (!isCount(n) || n === Number.MAX_SAFE_INTEGER) {
    throw new CoreError('out-of-range', 'a leaf index is an integer from 0 to 2^53-2');
  }
  return n as LeafIndex;
}

/**
 * Checks that `n` can be the size of a tree.
 *
 * @throws CoreError `out-of-range` when `n` is not an integer in 0 … 2^53-1.
 */
export function asTreeSize(n: number): TreeSize {
  if (!isCount(n)) {
    throw new CoreError('out-of-range', 'a tree size is an integer from 0 to 2^53-1');
  }
  return n as TreeSize;
}

/** Whether `n` is an integer in 0 … 2^53-1 (negative zero is not). */
export function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0 && !Object.is(n, -0);
}
