import { asHash, HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { CoreError } from '../core-error.ts';

/**
 * The complete nodes `[base, count)` of one level of the tree, side by side in one buffer.
 * Successors share the buffer: a successor only writes past `count`, so a window never sees its bytes change,
 * and one that is thrown away leaves nothing behind that a later successor does not overwrite.
 */
export interface NodeWindow {
  /** Number of the first node that is held. */
  readonly base: number;
  /** Number of the node after the last. */
  readonly count: number;
  /** 32 bytes a node from `base` on; what follows the last is room for more. */
  readonly bytes: Uint8Array;
}

const MIN_NODES = 512;

/** An empty window whose first node will be number `base`. */
export function emptyWindow(base: number): NodeWindow {
  return { base, count: base, bytes: new Uint8Array(0) };
}

/** A window over nodes that stand in `hashes` (32 bytes each), the first of them number `base`. It keeps `hashes`. */
export function windowOf(base: number, hashes: Uint8Array): NodeWindow {
  return { base, count: base + hashes.length / HASH_SIZE, bytes: hashes };
}

/** A window with room for `extra` more nodes past `count`; nodes below `keep` may be given up on the way. */
export function withRoom(window: NodeWindow, extra: number, keep: number): NodeWindow {
  const used = (window.count - window.base) * HASH_SIZE;
  const need = used + extra * HASH_SIZE;
  if (need <= window.bytes.length) return window;
  const base = Math.min(Math.max(window.base, keep), window.count);
  const kept = window.bytes.subarray((base - window.base) * HASH_SIZE, used);
  const bytes = new Uint8Array(Math.max(MIN_NODES * HASH_SIZE, 2 * (kept.length + extra * HASH_SIZE)));
  bytes.set(kept);
  return { base, count: window.count, bytes };
}

/**
 * Nodes `[from, to)` in place, 32 bytes each: a view that stays true as long as the window does.
 *
 * @throws CoreError `out-of-range` when the window does not hold them all.
 */
export function nodesView(window: NodeWindow, from: number, to: number): Uint8Array {
  if (from < window.base || to > window.count) {
    throw new CoreError('out-of-range', `nodes ${from} to ${to} are outside the window`);
  }
  return window.bytes.subarray((from - window.base) * HASH_SIZE, (to - window.base) * HASH_SIZE);
}

/**
 * One node's hash, as a copy.
 *
 * @throws CoreError `out-of-range` when the window does not hold it.
 */
export function nodeAt(window: NodeWindow, index: number): Hash {
  if (index < window.base || index >= window.count) {
    throw new CoreError('out-of-range', `node ${index} is outside the window`);
  }
  const at = (index - window.base) * HASH_SIZE;
  return asHash(window.bytes.slice(at, at + HASH_SIZE));
}
