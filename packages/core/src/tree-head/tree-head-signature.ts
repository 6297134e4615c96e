import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';

const HEAD_SIZE = 12;
const SHA256 = 4;
const MAX_TIMESTAMP = 2n ** 63n - 1n;
const MAX_SIGNATURE_SIZE = 65_535;

/** Kinds of keys that logs of RFC 6962 sign with, as TLS numbers them (RFC 5246, section 7.4.1.4.1). */
export const TREE_HEAD_ALGORITHM = { rsa: 1, ecdsa: 3 } as const;

/** One of {@link TREE_HEAD_ALGORITHM}. */
export type TreeHeadAlgorithm = (typeof TREE_HEAD_ALGORITHM)[keyof typeof TREE_HEAD_ALGORITHM];

/** What a signature line of type 0x05 holds after its key id (static-ct-api, "Checkpoints"). */
export interface TreeHeadSignature {
  /** Milliseconds since 1970: 0 … 2^63-1. */
  readonly timestamp: bigint;
  readonly algorithm: TreeHeadAlgorithm;
  /** Over SHA-256: ASN.1 DER of ECDSA, or RSA PKCS #1 v1.5. */
  readonly signature: Uint8Array;
}

/**
 * Splits the signature of a 0x05 line: u64 timestamp, hash 4 (SHA-256), algorithm, u16 length, signature.
 *
 * @param payload as `NoteSignature` has it: without the key id
 * @throws CoreError `malformed`
 */
export function parseTreeHeadSignature(payload: Uint8Array): TreeHeadSignature {
  if (payload.length < HEAD_SIZE) throw new CoreError('malformed', 'a tree head signature has at least 12 bytes');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const timestamp = view.getBigUint64(0);
  if (timestamp > MAX_TIMESTAMP) throw new CoreError('malformed', 'the timestamp of a tree head is above 2^63-1');
  if (view.getUint8(8) !== SHA256) {
    throw new CoreError('malformed', 'byte 8 of the tree head signature does not say SHA-256');
  }
  const algorithm = Object.values(TREE_HEAD_ALGORITHM).find((known) => known === view.getUint8(9));
  if (algorithm === undefined) {
    throw new CoreError('malformed', 'byte 9 of the tree head signature says neither ECDSA nor RSA');
  }
  const signature = payload.subarray(HEAD_SIZE);
  if (view.getUint16(10) !== signature.length) {
    throw new CoreError('malformed', 'the length in a tree head signature is not that of what follows it');
  }
  return { timestamp, algorithm, signature };
}

/**
 * The inverse of {@link parseTreeHeadSignature}.
 *
 * @throws CoreError `out-of-range` for a timestamp, algorithm or length that cannot be written.
 */
export function formatTreeHeadSignature(parts: TreeHeadSignature): Uint8Array<ArrayBuffer> {
  const { timestamp, algorithm, signature } = parts;
  if (!Object.values(TREE_HEAD_ALGORITHM).includes(algorithm) || signature.length > MAX_SIGNATURE_SIZE) {
    throw new CoreError('out-of-range', 'a tree head is signed with ECDSA or RSA, in at most 65535 bytes');
  }
  const head = new Uint8Array(HEAD_SIZE);
  const view = new DataView(head.buffer);
  view.setBigUint64(0, checkMilliseconds(timestamp));
  view.setUint8(8, SHA256);
  view.setUint8(9, algorithm);
  view.setUint16(10, signature.length);
  return concatBytes(head, signature);
}

/** Throws `out-of-range` unless `timestamp` is a bigint from 0 to 2^63-1. */
export function checkMilliseconds(timestamp: bigint): bigint {
  if (typeof timestamp !== 'bigint' || timestamp < 0n || timestamp > MAX_TIMESTAMP) {
    throw new CoreError('out-of-range', 'a timestamp is a bigint, in milliseconds, from 0 to 2^63-1');
  }
  return timestamp;
}
