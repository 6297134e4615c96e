import { asHash, HASH_SIZE } from '../bytes/hash-value.ts';
import { concatBytes, equalBytes } from '../bytes/sequences.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { isOrigin, ORIGIN_RULE } from '../checkpoint/checkpoint-fields.ts';
import { CoreError } from '../core-error.ts';
import { isSubtree } from '../merkle/subtree.ts';
import { isKeyName, KEY_NAME_RULE } from '../note/key-name.ts';
import { within } from '../on-line.ts';
import type { LogSubtree } from './cosigner.ts';
import { checkTimestamp } from './timestamped-signature.ts';

const LABEL = encodeUtf8('subtree/v1\n\0');
const MAX_NAME_SIZE = 255;
const MAX_INDEX = 2n ** 63n - 1n;

/** What a signature of type 0x06 signs. */
export interface SubtreeV1Message extends LogSubtree {
  /** Name of the key that signs: 1 … 255 bytes. */
  readonly cosigner: string;
  /** Seconds since 1970, 0 … 2^63-1; always 0 where `start` is not 0. */
  readonly timestamp: bigint;
}

/**
 * The message under a signature of type 0x06: a label of 12 bytes, the cosigner's name, the time, the origin of the log,
 * start and end, the hash (tlog-cosignature, "ML-DSA-44"). A checkpoint is the subtree from 0 to its size.
 *
 * @throws CoreError `malformed` for a name, origin or hash; `out-of-range` for a timestamp, or a range that is no subtree;
 *   `mismatch` for a timestamp other than 0 where `start` is not 0.
 */
export function subtreeV1Message(message: SubtreeV1Message): Uint8Array<ArrayBuffer> {
  const { cosigner, timestamp, origin, start, end, hash } = message;
  if (!isSubtree(start, end)) throw new CoreError('out-of-range', 'start and end are not those of a subtree');
  if (start !== 0 && timestamp !== 0n) {
    throw new CoreError('mismatch', 'a subtree that does not start at leaf 0 is signed with timestamp 0');
  }
  asHash(hash);
  return encodeStatement({ cosigner, timestamp, origin, start: BigInt(start), end: BigInt(end), hash });
}

/** A statement whose range may be larger than this package counts. */
export interface Statement extends Omit<SubtreeV1Message, 'start' | 'end' | 'hash'> {
  readonly start: bigint;
  readonly end: bigint;
  readonly hash: Uint8Array;
}

/** The message, without a look at the range. */
export function encodeStatement(statement: Statement): Uint8Array<ArrayBuffer> {
  const { cosigner, timestamp, origin, start, end, hash } = statement;
  if (!isKeyName(cosigner)) throw new CoreError('malformed', KEY_NAME_RULE);
  if (!isOrigin(origin)) throw new CoreError('malformed', ORIGIN_RULE);
  const time = checkTimestamp(timestamp);
  return concatBytes(LABEL, named(cosigner), u64(time), named(origin), u64(start), u64(end), hash);
}

/**
 * The inverse of {@link subtreeV1Message}, for a signing service that wants to know what it signs.
 *
 * @throws CoreError `malformed`; `size-unsupported` for a range that ends above 2^53-1.
 */
export function parseSubtreeV1Message(bytes: Uint8Array): SubtreeV1Message {
  let at = 0;
  const take = (size: number, what: string): Uint8Array => {
    if (at + size > bytes.length)
      throw new CoreError('malformed', `the message ends before its ${what}, at byte ${at}`);
    at += size;
    return bytes.subarray(at - size, at);
  };
  const string = (what: string): string => {
    const bytes = take(take(1, what)[0] ?? 0, what);
    return within(`the ${what}, before byte ${at}`, () => decodeUtf8(bytes));
  };
  const number = (what: string): bigint => {
    const field = take(8, what);
    const value = new DataView(field.buffer, field.byteOffset).getBigUint64(0);
    if (value > MAX_INDEX) throw new CoreError('malformed', `the ${what} before byte ${at} is above 2^63-1`);
    return value;
  };
  if (!equalBytes(take(LABEL.length, 'label'), LABEL)) {
    throw new CoreError('malformed', 'the message does not start with the label of subtree/v1');
  }
  const cosigner = string('cosigner');
  const timestamp = number('timestamp');
  const origin = string('origin');
  const [start, end] = [number('start'), number('end')];
  const hash = asHash(take(HASH_SIZE, 'hash').slice());
  if (at !== bytes.length) throw new CoreError('malformed', `the message goes on after its hash, at byte ${at}`);
  if (!isKeyName(cosigner)) throw new CoreError('malformed', `the cosigner in the message: ${KEY_NAME_RULE}`);
  if (!isOrigin(origin)) throw new CoreError('malformed', `the origin in the message: ${ORIGIN_RULE}`);
  if (start > end) throw new CoreError('malformed', 'the range in the message ends before it starts');
  if (start !== 0n && timestamp !== 0n) {
    throw new CoreError('malformed', 'the message has a timestamp, although its subtree is no checkpoint');
  }
  if (end > Number.MAX_SAFE_INTEGER) throw new CoreError('size-unsupported', `${end} is above 2^53-1`);
  if (!isSubtree(Number(start), Number(end))) {
    throw new CoreError('malformed', 'the range in the message is no subtree');
  }
  return { cosigner, timestamp, origin, start: Number(start), end: Number(end), hash };
}

function named(name: string): Uint8Array {
  const bytes = encodeUtf8(name);
  if (bytes.length > MAX_NAME_SIZE) throw new CoreError('malformed', `a name has at most ${MAX_NAME_SIZE} bytes here`);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
