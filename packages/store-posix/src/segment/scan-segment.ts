import { BLOCK } from '../directory/layout.ts';
import { isZero } from '../fs/is-zero.ts';
import { decodeRecord, type StoredRecord } from './record-codec.ts';
import { decodeSegmentHeader, type SegmentHeader } from './segment-header.ts';

/** Where a segment stops making sense. */
export interface BadRecord {
  readonly offset: number;
  /** Offset of a valid record behind it: then it is damage, not the end that a crash tore off. */
  readonly validAfter: number | undefined;
}

/** What a segment holds. */
export interface SegmentScan {
  readonly header: SegmentHeader;
  /** In order of offset. */
  readonly records: readonly StoredRecord[];
  readonly bad: BadRecord | undefined;
}

/** Reads a whole segment; nothing when its header is damaged. The records share the memory of `bytes`. */
export function scanSegment(bytes: Uint8Array): SegmentScan | undefined {
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
  return { header, records, bad: { offset, validAfter: nextRecord(bytes, header.nonce, offset + BLOCK) } };
}

function nextRecord(bytes: Uint8Array, nonce: Uint8Array, from: number): number | undefined {
  for (let offset = from; offset < bytes.length; offset += BLOCK) {
    if (decodeRecord(bytes, nonce, offset) !== undefined) return offset;
  }
  return undefined;
}
