import type { Hash } from '../bytes/hash-value.ts';

/** SHA-256 as the log needs it. Synchronous; keeps no reference to its arguments. */
export interface Sha256Backend {
  /** SHA-256 of `data`. */
  digest(data: Uint8Array): Hash;
  /** SHA-256 of `00 ‖ entry` (RFC 6962, section 2.1). */
  leaf(entry: Uint8Array): Hash;
  /** SHA-256 of `01 ‖ left ‖ right` (RFC 6962, section 2.1). */
  node(left: Uint8Array, right: Uint8Array): Hash;
  /**
   * `n` node hashes in one call: pair `i` is the 64 bytes of `input` at `64·i`, its hash goes to `output` at `32·i`.
   * `output` may be `input` itself, so that a tree level can be folded in place.
   */
  nodes(input: Uint8Array, output: Uint8Array, n: number): void;
}
