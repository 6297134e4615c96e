import { createHash } from 'node:crypto';
import { BLOCK_SIZE } from '@tilewright/store-posix/testing';
import { CHECKSUM_LENGTH, HEADER_LENGTH, RECORD_HEAD } from './make-segment-bytes.ts';
import { recordSum } from './reseal.ts';

// The format a second time, check by check, from its description and not from the driver's code: what the decoders take
// and what they refuse has to agree with it, and it can say which check an input fell to.

/** What is made of a header. */
export const HEADER_VERDICTS = [
  'too short',
  'other magic',
  'checksum',
  'bytes behind it',
  'other version',
  'a number above 2^52',
  'valid',
] as const;
export type HeaderVerdict = (typeof HEADER_VERDICTS)[number];

/** What is made of a record. */
export const RECORD_VERDICTS = [
  'no room for a record',
  'other magic',
  'leads out of the segment',
  'checksum',
  'bytes behind it',
  'no entries, or another count',
  'an index above 2^52',
  'valid',
] as const;
export type RecordVerdict = (typeof RECORD_VERDICTS)[number];

/** Numbers up to this one are counts; nobody ever counted higher. */
const MOST = 2n ** 52n;
const MAGIC_HEADER = '54577365670a0001';
const MAGIC_RECORD = '54577265';

const hex = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('hex');
const number = (bytes: Uint8Array, start: number, end: number): bigint => BigInt(`0x${hex(bytes, start, end)}`);
const empty = (bytes: Uint8Array): boolean => Buffer.compare(bytes, new Uint8Array(bytes.length)) === 0;

/** What the first block of a segment is. */
export function judgeHeader(bytes: Uint8Array): HeaderVerdict {
  if (bytes.length < BLOCK_SIZE) return 'too short';
  if (hex(bytes, 0, 8) !== MAGIC_HEADER) return 'other magic';
  const sum = createHash('sha256').update(bytes.subarray(0, HEADER_LENGTH)).digest('hex');
  if (hex(bytes, HEADER_LENGTH, HEADER_LENGTH + CHECKSUM_LENGTH) !== sum) return 'checksum';
  if (!empty(bytes.subarray(HEADER_LENGTH + CHECKSUM_LENGTH, BLOCK_SIZE))) return 'bytes behind it';
  if (number(bytes, 8, 16) !== 1n) return 'other version';
  return [48, 56, 64, 72, 80].some((at) => number(bytes, at, at + 8) > MOST) ? 'a number above 2^52' : 'valid';
}

/** What stands at `offset` of a segment with this nonce. */
export function judgeRecord(bytes: Uint8Array, nonce: Uint8Array, offset: number): RecordVerdict {
  if (bytes.length - offset < RECORD_HEAD + CHECKSUM_LENGTH) return 'no room for a record';
  if (hex(bytes, offset, offset + 4) !== MAGIC_RECORD) return 'other magic';
  const end = offset + judgedLength(bytes, offset);
  const sum = end > bytes.length ? undefined : recordSum(bytes, nonce, offset);
  if (sum === undefined) return 'leads out of the segment';
  const behind = sum.at + CHECKSUM_LENGTH;
  if (hex(bytes, sum.at, behind) !== Buffer.from(sum.digest).toString('hex')) return 'checksum';
  if (!empty(bytes.subarray(behind, end))) return 'bytes behind it';
  const count = number(bytes, offset + 16, offset + 20);
  if (count === 0n || countEntries(bytes.subarray(offset + RECORD_HEAD, sum.at)) !== Number(count)) {
    return 'no entries, or another count';
  }
  return number(bytes, offset + 8, offset + 16) + count > MOST ? 'an index above 2^52' : 'valid';
}

/** Length of the record at `offset` as it says itself, padding included. */
export function judgedLength(bytes: Uint8Array, offset: number): number {
  const payload = Number(number(bytes, offset + 4, offset + 8));
  const used = RECORD_HEAD + payload + CHECKSUM_LENGTH;
  return used % BLOCK_SIZE === 0 ? used : used - (used % BLOCK_SIZE) + BLOCK_SIZE;
}

/** How many entries the payload holds; not a number when the last one does not end where the payload does. */
function countEntries(payload: Uint8Array): number {
  let count = 0;
  let rest = payload;
  while (rest.length > 0) {
    const length = rest.length < 2 ? Number.POSITIVE_INFINITY : 2 + Number(number(rest, 0, 2));
    if (length > rest.length) return Number.NaN;
    rest = rest.subarray(length);
    count += 1;
  }
  return count;
}
