import { hash } from 'node:crypto';
import { asHash, encodeUtf8, equalBytes, type Hash } from '@tilewright/core/bytes';
import { BLOCK } from '../directory/layout.ts';
import { isZero } from '../fs/is-zero.ts';
import { MOST_STORED, storedCount } from '../fs/stored-count.ts';

/** The first block of a segment. */
export interface SegmentHeader {
  readonly logId: Hash;
  /** Number of the opening of the log that wrote the segment. */
  readonly epoch: number;
  /** Number of the segment within its epoch, from 0. */
  readonly ordinal: number;
  /** No entry below this index is in the segment; of the first segment of an epoch, exactly its first index. */
  readonly base: number;
  /**
   * Of the first segment of an epoch, the index after the last entry of the epoch before it, as it was when this one
   * was opened: a record there that is not valid is the torn end of a crash, and stays one. Elsewhere as `base`.
   */
  readonly before: number;
  /** Length of the whole file in bytes. */
  readonly size: number;
  /** 32 random bytes that every record's checksum covers: no entry can contain a record that looks valid. */
  readonly nonce: Uint8Array;
}

/** The longest file that is written, or read, as a segment; the engine's limits end far below. In bytes. */
export const MOST_SEGMENT_BYTES: number = 1024 ** 3;
/** Version of segments and their records. */
export const SEGMENT_VERSION = 1;

const MAGIC: Uint8Array = encodeUtf8('TWseg\n\u0000\u0001');
const CHECKSUM_AT = 120;

// magic 8, version 8, log id 32, epoch 8, ordinal 8, base 8, before 8, size 8, nonce 32: 120 bytes, then their SHA-256.
/** The header's block: {@link BLOCK} bytes. */
export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setBigUint64(8, BigInt(SEGMENT_VERSION));
  bytes.set(header.logId, 16);
  view.setBigUint64(48, BigInt(header.epoch));
  view.setBigUint64(56, BigInt(header.ordinal));
  view.setBigUint64(64, BigInt(header.base));
  view.setBigUint64(72, BigInt(header.before));
  view.setBigUint64(80, BigInt(header.size));
  bytes.set(header.nonce, 88);
  bytes.set(checksum(bytes), CHECKSUM_AT);
  return bytes;
}

/** The header in a segment's first block, or nothing when the block is damaged. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | undefined {
  if (bytes.length < BLOCK || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return undefined;
  if (!equalBytes(bytes.subarray(CHECKSUM_AT, CHECKSUM_AT + 32), checksum(bytes))) return undefined;
  if (!isZero(bytes.subarray(CHECKSUM_AT + 32, BLOCK))) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, BLOCK);
  if (view.getBigUint64(8) !== BigInt(SEGMENT_VERSION)) return undefined;
  const [epoch, ordinal, base, before, size] = [48, 56, 64, 72, 80].map((at) => storedCount(view, at));
  if (epoch === undefined || ordinal === undefined || base === undefined) return undefined;
  if (before === undefined || size === undefined) return undefined;
  const logId = asHash(Uint8Array.from(bytes.subarray(16, 48)));
  return { logId, epoch, ordinal, base, before, size, nonce: Uint8Array.from(bytes.subarray(88, CHECKSUM_AT)) };
}

function checksum(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes.subarray(0, CHECKSUM_AT), 'buffer');
}

const NAME = /^([0-9]{8,16})-([0-9]{8,16})$/;

/** File name of a segment: epoch and ordinal, so that names sort in order. */
export function segmentName(epoch: number, ordinal: number): string {
  return `${String(epoch).padStart(8, '0')}-${String(ordinal).padStart(8, '0')}`;
}

/** What a segment's name says, or nothing when it is no such name. */
export function parseSegmentName(name: string): { readonly epoch: number; readonly ordinal: number } | undefined {
  const [, epoch, ordinal] = (NAME.exec(name) ?? []).map(Number);
  if (epoch === undefined || ordinal === undefined || Math.max(epoch, ordinal) > MOST_STORED) return undefined;
  // A copy under another name that says the same would count twice.
  return segmentName(epoch, ordinal) === name ? { epoch, ordinal } : undefined;
}
