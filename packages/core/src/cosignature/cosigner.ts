import type { Hash } from '../bytes/hash-value.ts';
import { CoreError } from '../core-error.ts';
import type { NoteVerifier } from '../note/note-signature.ts';
import type { VerifierKey } from '../note/verifier-key.ts';

/** Checks a raw signature over a message, without throwing. Lengths of signatures are checked before it is called. */
export type VerifyMessage = (message: Uint8Array, signature: Uint8Array) => boolean;

/** Makes the raw signature of a message. It may ask a remote service, or answer at once. */
export type SignMessage = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** A subtree of a log, and its hash (tlog-cosignature, "ML-DSA-44"). */
export interface LogSubtree {
  /** Name of the log: 1 … 255 bytes. */
  readonly origin: string;
  /** First leaf, and the leaf after the last: a subtree as `isSubtree` has it. */
  readonly start: number;
  readonly end: number;
  readonly hash: Hash;
}

/** A key of a witness or mirror that signs checkpoints with a time: type 0x04 or 0x06. */
export interface Cosigner {
  readonly key: VerifierKey;
  /**
   * The cosignature of a checkpoint, without the key id: timestamp and signature.
   *
   * @param text of the checkpoint's note
   * @param timestamp seconds since 1970, 0 … 2^63-1; with 0, which only type 0x06 defines, nothing is said about the
   *   largest checkpoint that the cosigner has seen
   * @throws CoreError `malformed` for a text that is no checkpoint, `size-unsupported`, `out-of-range` for the
   *   timestamp, `mismatch` for extension lines under a key of type 0x06; what the key throws
   */
  cosign(text: Uint8Array, timestamp: bigint): Promise<Uint8Array<ArrayBuffer>>;
}

/** A cosigner of type 0x06, which signs any subtree. */
export interface SubtreeCosigner extends Cosigner {
  /**
   * The signature of a subtree, without the key id: timestamp 0 and signature.
   *
   * @throws CoreError `out-of-range` for a range that is no subtree, `malformed` for the origin or hash
   */
  signSubtree(subtree: LogSubtree): Promise<Uint8Array<ArrayBuffer>>;
}

/** Checks cosignatures of one key, as signatures of the checkpoint's note. */
export interface CosignatureVerifier extends NoteVerifier {
  readonly type: number;
}

/** Checks signatures of one key of type 0x06. */
export interface SubtreeVerifier extends CosignatureVerifier {
  /**
   * Whether `signature` (without the key id) is this key's over the subtree. Never throws for bad input. A subtree that
   * does not start at leaf 0 has no time: with a timestamp other than 0 the signature is refused.
   */
  verifySubtree(subtree: LogSubtree, signature: Uint8Array): boolean;
}

/** Throws `unknown-key` unless the key is of this type. */
export function requireType(key: VerifierKey, type: number, format: string): void {
  if (key.type !== type) {
    throw new CoreError('unknown-key', `a key of type ${key.type} does not make ${format} signatures`);
  }
}

/** What `sign` answered, once its length is that of a signature. */
export async function signed(sign: SignMessage, message: Uint8Array, size: number): Promise<Uint8Array> {
  const signature = await sign(message);
  if (signature.length === size) return signature;
  throw new CoreError('bad-signature', `the key made a signature of ${signature.length} bytes instead of ${size}`);
}
