import { isCount } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';

/** The leaves `start` (included) to `end` (not included). */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether the leaves [start, end) form a subtree, that is, a node of some tree: `start` is a multiple of the smallest
 * power of two that is at least `end - start`. The empty range counts (Merkle Tree Certificates, "Subtrees").
 */
export function isSubtree(start: number, end: number): boolean {
  if (!isCount(start) || !isCount(end) || end < start) return false;
  let width = 1;
  while (width < end - start) width *= 2;
  return start % width === 0;
}

/** Where a tree of `n` ≥ 2 leaves splits: the largest power of two below `n` (RFC 6962, section 2.1). */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/**
 * The complete subtrees that cover a subtree, from left to right, widths falling. A complete subtree has 2^k leaves.
 *
 * @throws CoreError `out-of-range` when [start, end) is not a subtree.
 */
export function completeSubtrees(start: number, end: number): LeafRange[] {
  if (!isSubtree(start, end)) {
    throw new CoreError('out-of-range', 'the range is not a subtree: its start must be aligned to its width');
  }
  const parts: LeafRange[] = [];
  for (let from = start; from < end; ) {
    let width = 1;
    while (width * 2 <= end - from) width *= 2;
    parts.push({ start: from, end: from + width });
    from += width;
  }
  return parts;
}

/**
 * The two subtrees that cover the leaves [start, end) most closely: the first may begin before `start`, the second ends
 * at `end`. The second is empty when there is one leaf or none (Merkle Tree Certificates, "Arbitrary Intervals").
 *
 * @throws CoreError `out-of-range` unless 0 ≤ start ≤ end ≤ 2^53-1.
 */
export function coveringSubtrees(start: number, end: number): readonly [LeafRange, LeafRange] {
  if (!isCount(start) || !isCount(end) || start > end) {
    throw new CoreError('out-of-range', 'the leaves must be a range within 0 to 2^53-1');
  }
  if (end - start < 2)
    return [
      { start, end },
      { start: end, end },
    ];
  // The node where the ways to the first and the last leaf part has `half` leaves to its left.
  let half = 1;
  while (Math.floor(start / (2 * half)) !== Math.floor((end - 1) / (2 * half))) half *= 2;
  const middle = Math.floor((end - 1) / half) * half;
  let width = 1;
  while (width < middle - start) width *= 2;
  return [
    { start: middle - width, end: middle },
    { start: middle, end },
  ];
}
