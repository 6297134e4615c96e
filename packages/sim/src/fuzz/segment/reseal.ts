import { createHash } from 'node:crypto';
import type { FuzzRandom } from '@tilewright/fuzz';
import { BLOCK_SIZE } from '@tilewright/store-posix/testing';
import { CHECKSUM_LENGTH, HEADER_LENGTH, RECORD_HEAD } from './make-segment-bytes.ts';

/** Makes the checksum of a header fit what stands there. */
export function resealHeader(bytes: Uint8Array): void {
  if (bytes.length < HEADER_LENGTH + CHECKSUM_LENGTH) return;
  bytes.set(createHash('sha256').update(bytes.subarray(0, HEADER_LENGTH)).digest(), HEADER_LENGTH);
}

/** Makes the checksum of the record at `offset` fit what stands there, if its length leaves room for one. */
export function resealRecord(bytes: Uint8Array, nonce: Uint8Array, offset: number): void {
  const sum = offset + RECORD_HEAD <= bytes.length ? recordSum(bytes, nonce, offset) : undefined;
  if (sum !== undefined) bytes.set(sum.digest, sum.at);
}

/** The checksum that the record at `offset` should have, and where; nothing when its length leads out of the segment. */
export function recordSum(
  bytes: Uint8Array,
  nonce: Uint8Array,
  offset: number,
): { readonly at: number; readonly digest: Uint8Array } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = offset + RECORD_HEAD + view.getUint32(offset + 4);
  if (at + CHECKSUM_LENGTH > bytes.length) return undefined;
  const where = new Uint8Array(8);
  new DataView(where.buffer).setBigUint64(0, BigInt(offset));
  return { at, digest: createHash('sha256').update(nonce).update(where).update(bytes.subarray(offset, at)).digest() };
}

/** Makes checksums of a whole segment fit: the header's, and those of most records that stand at the start of a block. */
export function resealSegment(bytes: Uint8Array, random: FuzzRandom): void {
  if (random.chance(0.8)) resealHeader(bytes);
  const nonce = bytes.slice(88, HEADER_LENGTH);
  for (let offset = BLOCK_SIZE; offset + RECORD_HEAD + CHECKSUM_LENGTH <= bytes.length; offset += BLOCK_SIZE) {
    // A block that begins with zeros holds no record that anybody damaged.
    if (bytes[offset] !== 0 && random.chance(0.9)) resealRecord(bytes, nonce, offset);
  }
}
