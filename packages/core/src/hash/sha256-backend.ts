import type { Hash } from '../bytes/hash-value.ts';

/**
 * The ways to hash: `node` is OpenSSL for single hashes and long leaves beside the next one for the rest, `wasm-simd` four
 * messages at once in WebAssembly, `javascript` works everywhere.
 */
export type BackendName = 'node' | 'wasm-simd' | 'javascript';

/** SHA-256 as the log needs it. Synchronous; keeps no reference to its arguments. All backends give the same results. */
export interface Sha256Backend {
  readonly name: BackendName;
  /** SHA-256 of `data`. */
  digest(data: Uint8Array): Hash;
  /** SHA-256 of `00 ‖ entry` (RFC 6962, section 2.1). */
  leaf(entry: Uint8Array): Hash;
  /** SHA-256 of `01 ‖ left ‖ right` (RFC 6962, section 2.1). Both are 32 bytes. */
  node(left: Uint8Array, right: Uint8Array): Hash;
  /**
   * `n` node hashes in one call: pair `i` is the 64 bytes of `input` at `64·i`, its hash goes to `output` at `32·i`.
   * `output` may start where `input` starts, or before, so that a tree level can be folded in place.
   *
   * @throws CoreError `out-of-range` when `n` is not a count, or an array is too short for it; `mismatch` when `output`
   *   would overwrite pairs that are still to be read.
   */
  nodes(input: Uint8Array, output: Uint8Array, n: number): void;
  /**
   * Leaf hashes of entries that stand one after another: entry `i` is `buffer` from `offsets[i]` to `offsets[i + 1]`, its
   * hash goes to `output` at `32·i`. There is one offset more than entries, and the prefix is not in `buffer`.
   *
   * @throws CoreError `out-of-range` when the offsets are none, fall, are no indexes or lead out of `buffer`, or `output`
   *   is too short; `mismatch` when `output` overlaps the entries.
   */
  leaves(buffer: Uint8Array, offsets: ArrayLike<number>, output: Uint8Array): void;
}
