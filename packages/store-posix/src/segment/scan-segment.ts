import { BLOCK } from '../directory/layout.ts';
import { isZero } from '../fs/is-zero.ts';
import { claimedLength, decodeRecord, type StoredRecord } from './record-codec.ts';
import { decodeSegmentHeader, type SegmentHeader } from './segment-header.ts';

/** Twice as many bytes as a torn record of the longest batch can have looked at: a few seconds. */
const MOST_LOOKED_AT = 4 * 1024 ** 3;

/** Where a segment stops making sense. */
export interface BadRecord {
  readonly offset: number;
  /**
   * Offset of a valid record behind it: then it is damage, not the end that a crash tore off. Also of one that says to be
   * a record, where so many do that looking at all of them would take for ever: no crash leaves that.
   */
  readonly validAfter: number | undefined;
}

/** What a segment holds. */
export interface SegmentScan {
  readonly header: SegmentHeader;
  /** In order of offset. */
  readonly records: readonly StoredRecord[];
  readonly bad: BadRecord | undefined;
}

/**
 * Reads a whole segment; nothing when its header is damaged. The records share the memory of `bytes`. Behind a bad record
 * it looks at `mostLookedAt` bytes of what may be records.
 */
export function scanSegment(bytes: Uint8Array, mostLookedAt: number = MOST_LOOKED_AT): SegmentScan | undefined {
  const header = decodeSegmentHeader(bytes);
  if (header === undefined) return undefined;
  const records: StoredRecord[] = [];
  let offset = BLOCK;
  while (offset < bytes.length) {
    const record = decodeRecord(bytes, header.nonce, offset);
    if (record === undefined) break;
    records.push(record);
    offset += record.length;
  }
  if (isZero(bytes.subarray(offset))) return { header, records, bad: undefined };
  return {
    header,
    records,
    bad: { offset, validAfter: nextRecord(bytes, header.nonce, offset + BLOCK, mostLookedAt) },
  };
}

function nextRecord(bytes: Uint8Array, nonce: Uint8Array, from: number, most: number): number | undefined {
  let lookedAt = 0;
  for (let offset = from; offset < bytes.length; offset += BLOCK) {
    lookedAt += claimedLength(bytes, offset);
    if (lookedAt > most) return offset;
    if (decodeRecord(bytes, nonce, offset) !== undefined) return offset;
  }
  return undefined;
}
