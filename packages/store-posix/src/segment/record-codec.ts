import { createHash, hash } from 'node:crypto';
import { equalBytes } from '@tilewright/core/bytes';
import { BLOCK } from '../directory/layout.ts';
import { isZero } from '../fs/is-zero.ts';
import { MOST_STORED, storedCount } from '../fs/stored-count.ts';

/** What one append stored: consecutive entries under one token. */
export interface SegmentRecord {
  readonly first: number;
  /** 16 bytes. */
  readonly token: Uint8Array;
  readonly entries: readonly Uint8Array[];
}

/** A record as it was found in a segment, checked, but not taken apart: most are only counted. */
export interface StoredRecord {
  readonly first: number;
  readonly count: number;
  /** 16 bytes. */
  readonly token: Uint8Array;
  /** The entries as they stand in a bundle; in the segment's memory. */
  readonly payload: Uint8Array;
  readonly offset: number;
  /** Length in the segment, padding included. */
  readonly length: number;
}

const MAGIC = 0x54_57_72_65;
const HEADER = 36;
const CHECKSUM = 32;
/** The checksum also covers the segment's nonce and the record's offset: 40 bytes that stand before it in memory. */
const PREFIX = 40;
const MAX_ENTRY = 65_535;

/** Length of the record of these entries in the segment: a multiple of {@link BLOCK}, in bytes. */
export function recordLength(entries: readonly Uint8Array[]): number {
  const payload = entries.reduce((sum, entry) => sum + 2 + entry.length, 0);
  return Math.ceil((HEADER + payload + CHECKSUM) / BLOCK) * BLOCK;
}

/**
 * A record, for `offset` of the segment with this nonce: magic 4, payload length 4, first index 8, count 4, token 16,
 * entries as in a bundle (length of two bytes, bytes), SHA-256 over nonce, offset and all before; zeros to the block's
 * end, so that the next record shares no block with it: a torn write never touches an acknowledged record.
 */
export function encodeRecord(record: SegmentRecord, nonce: Uint8Array, offset: number): Uint8Array {
  const buffer = new Uint8Array(PREFIX + recordLength(record.entries));
  const view = new DataView(buffer.buffer);
  buffer.set(nonce);
  view.setBigUint64(32, BigInt(offset));
  let at = PREFIX + HEADER;
  for (const entry of record.entries) {
    if (entry.length > MAX_ENTRY) throw new RangeError(`an entry has at most ${MAX_ENTRY} bytes`);
    view.setUint16(at, entry.length);
    buffer.set(entry, at + 2);
    at += 2 + entry.length;
  }
  view.setUint32(PREFIX, MAGIC);
  view.setUint32(PREFIX + 4, at - PREFIX - HEADER);
  view.setBigUint64(PREFIX + 8, BigInt(record.first));
  view.setUint32(PREFIX + 16, record.entries.length);
  buffer.set(record.token, PREFIX + 20);
  buffer.set(hash('sha256', buffer.subarray(0, at), 'buffer'), at);
  return buffer.subarray(PREFIX);
}

/** How long the record at `offset` says that it is, in bytes, padding included; 0 when there is none, or not all of it. */
export function claimedLength(segment: Uint8Array, offset: number): number {
  if (offset + HEADER + CHECKSUM > segment.length) return 0;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  const length = Math.ceil((HEADER + view.getUint32(offset + 4) + CHECKSUM) / BLOCK) * BLOCK;
  return view.getUint32(offset) === MAGIC && offset + length <= segment.length ? length : 0;
}

/** The record at `offset` of a segment's bytes, or nothing when there is no valid one. */
export function decodeRecord(segment: Uint8Array, nonce: Uint8Array, offset: number): StoredRecord | undefined {
  const length = claimedLength(segment, offset);
  if (length === 0) return undefined;
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  const end = offset + HEADER + view.getUint32(offset + 4);
  if (!equalBytes(segment.subarray(end, end + CHECKSUM), checksum(segment.subarray(offset, end), nonce, offset))) {
    return undefined;
  }
  if (!isZero(segment.subarray(end + CHECKSUM, offset + length))) return undefined;
  const payload = segment.subarray(offset + HEADER, end);
  const count = view.getUint32(offset + 16);
  if (count === 0 || countEntries(payload) !== count) return undefined;
  const first = storedCount(view, offset + 8);
  if (first === undefined || first + count > MOST_STORED) return undefined;
  return { first, count, token: segment.subarray(offset + 20, offset + HEADER), payload, offset, length };
}

/** The entries of a stored record, in the segment's memory. */
export function entriesOf({ payload }: StoredRecord): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + 2 + entryLength(payload, at);
    entries.push(payload.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

function checksum(record: Uint8Array, nonce: Uint8Array, offset: number): Uint8Array {
  const place = new Uint8Array(8);
  new DataView(place.buffer).setBigUint64(0, BigInt(offset));
  return createHash('sha256').update(nonce).update(place).update(record).digest();
}

function entryLength(payload: Uint8Array, at: number): number {
  return (payload[at] ?? 0) * 256 + (payload[at + 1] ?? 0);
}

/** How many entries fill `payload`; nothing when they do not end where it does. */
function countEntries(payload: Uint8Array): number | undefined {
  let count = 0;
  let at = 0;
  while (at < payload.length) {
    at += 2 + entryLength(payload, at);
    count += 1;
  }
  return at === payload.length ? count : undefined;
}
