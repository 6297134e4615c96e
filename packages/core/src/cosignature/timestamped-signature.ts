import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { NOTE_LIMITS } from '../note/limits.ts';

const TIMESTAMP_SIZE = 8;
/** Timestamps are at most this, though they are written in 64 bits (tlog-cosignature, "Format"). */
const MAX_TIMESTAMP = 2n ** 63n - 1n;

/** What a signature line of type 0x04 or 0x06 holds after its key id. */
export interface TimestampedSignature {
  /** Seconds since 1970: 0 … 2^63-1. Zero says nothing about the time. */
  readonly timestamp: bigint;
  /** The raw signature: 64 bytes of Ed25519, 2420 of ML-DSA-44. */
  readonly signature: Uint8Array;
}

/**
 * Splits the signature of a cosignature line, for example to learn when a witness saw a checkpoint. Only of signatures
 * that were verified is the time worth anything (tlog-cosignature, "Format": u64 timestamp, signature).
 *
 * @param signature as `NoteSignature` has it: without the key id
 * @throws CoreError `malformed` for 8 bytes or fewer, or more than a note can hold, or a timestamp above 2^63-1.
 */
export function parseTimestampedSignature(signature: Uint8Array): TimestampedSignature {
  if (signature.length <= TIMESTAMP_SIZE) {
    throw new CoreError('malformed', 'a cosignature holds a timestamp of 8 bytes and a signature');
  }
  if (signature.length > NOTE_LIMITS.maxBytes) {
    throw new CoreError('malformed', `a cosignature has at most ${NOTE_LIMITS.maxBytes} bytes`);
  }
  const view = new DataView(signature.buffer, signature.byteOffset, signature.byteLength);
  const timestamp = view.getBigUint64(0);
  if (timestamp > MAX_TIMESTAMP) throw new CoreError('malformed', 'the timestamp of a cosignature is above 2^63-1');
  return { timestamp, signature: signature.subarray(TIMESTAMP_SIZE) };
}

/**
 * The inverse of {@link parseTimestampedSignature}.
 *
 * @throws CoreError `out-of-range` for the timestamp, `malformed` for an empty signature.
 */
export function formatTimestampedSignature({ timestamp, signature }: TimestampedSignature): Uint8Array<ArrayBuffer> {
  if (signature.length === 0) throw new CoreError('malformed', 'a signature has at least one byte');
  const head = new Uint8Array(TIMESTAMP_SIZE);
  new DataView(head.buffer).setBigUint64(0, checkTimestamp(timestamp));
  return concatBytes(head, signature);
}

/** Throws `out-of-range` unless `timestamp` is a bigint from 0 to 2^63-1. */
export function checkTimestamp(timestamp: bigint): bigint {
  if (typeof timestamp !== 'bigint' || timestamp < 0n || timestamp > MAX_TIMESTAMP) {
    throw new CoreError('out-of-range', 'a timestamp is a bigint, in seconds, from 0 to 2^63-1');
  }
  return timestamp;
}
