import { asHash, equalBytes, type Hash } from '@tilewright/core/bytes';
import { HASH_SIZE } from '@tilewright/core/hash';
import type { CompactRange } from '@tilewright/core/merkle';

/** Leaves side by side, and the tree before them. */
interface Piece {
  readonly before: CompactRange;
  readonly leaves: Uint8Array;
}

const PIECE_LEAVES = 256;
/** About a million leaves, 32 MiB. */
const KEPT_PIECES = 4_096;

/** The leaf hashes of a log as they were read, from some size on: the last million of them, and the root at each size. */
export class LeafWindow {
  #pieces: Piece[] = [];
  #end: CompactRange;

  /** @param start the tree that the log had before the first leaf that is added */
  constructor(start: CompactRange) {
    this.#end = start;
  }

  /** Leaves read so far, those before the window included. */
  get size(): number {
    return this.#end.size;
  }

  /** The first index that is still kept. */
  get start(): number {
    return this.#pieces[0]?.before.size ?? this.#end.size;
  }

  /** Adds the next leaves, in order. */
  append(leaves: readonly Hash[]): void {
    for (let at = 0; at < leaves.length; at += PIECE_LEAVES) {
      const piece = new Uint8Array(HASH_SIZE * Math.min(PIECE_LEAVES, leaves.length - at));
      for (let i = 0; i * HASH_SIZE < piece.length; i++) piece.set(leaves[at + i] ?? [], i * HASH_SIZE);
      this.#pieces.push({ before: this.#end, leaves: piece });
      this.#end = this.#end.extend(piece);
    }
    if (this.#pieces.length > KEPT_PIECES) this.#pieces = this.#pieces.slice(-KEPT_PIECES);
  }

  /** The root of the first `size` leaves; undefined outside the window. */
  rootAt(size: number): Hash | undefined {
    if (size === this.#end.size) return this.#end.root();
    const piece = this.#pieceAt(size);
    return piece?.before.extend(piece.leaves.subarray(0, HASH_SIZE * (size - piece.before.size))).root();
  }

  /** The leaf hash at an index; undefined outside the window. */
  leafAt(index: number): Hash | undefined {
    const piece = this.#pieceAt(index);
    if (piece === undefined) return undefined;
    const start = HASH_SIZE * (index - piece.before.size);
    return asHash(piece.leaves.slice(start, start + HASH_SIZE));
  }

  /** The last index in the window that has this leaf; undefined when none has. */
  find(leaf: Hash): number | undefined {
    for (const { before, leaves } of this.#pieces.toReversed()) {
      for (let at = leaves.length - HASH_SIZE; at >= 0; at -= HASH_SIZE) {
        if (leaves[at] === leaf[0] && equalBytes(leaves.subarray(at, at + HASH_SIZE), leaf)) {
          return before.size + at / HASH_SIZE;
        }
      }
    }
    return undefined;
  }

  #pieceAt(index: number): Piece | undefined {
    if (index >= this.#end.size) return undefined;
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#pieces[middle]?.before.size ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const piece = this.#pieces[low];
    return piece !== undefined && piece.before.size <= index ? piece : undefined;
  }
}
