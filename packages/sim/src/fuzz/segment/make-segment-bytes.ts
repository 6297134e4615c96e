import { asHash, type Hash } from '@tilewright/core/bytes';
import type { Field, FuzzRandom, Sample, Span } from '@tilewright/fuzz';
import {
  BLOCK_SIZE,
  encodeRecord,
  encodeSegmentHeader,
  type SegmentHeader,
  type SegmentRecord,
} from '@tilewright/store-posix/testing';

/** Where things stand in a header and in a record, and how long they are: written down once more, as the format says. */
export const HEADER_LENGTH = 120;
export const RECORD_HEAD = 36;
export const CHECKSUM_LENGTH = 32;

/** A record that was written, and where. */
export interface WrittenRecord {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly record: SegmentRecord;
}

/** A segment as the driver writes it. */
export interface WrittenSegment {
  readonly header: SegmentHeader;
  readonly records: readonly WrittenRecord[];
  readonly bytes: Uint8Array;
}

/** The id of the log whose files are damaged. */
export const FUZZ_LOG: Hash = asHash(new Uint8Array(32).fill(0x33));

/** Draws a segment of a few blocks: no record to four, of one to three entries, mostly short; sometimes a torn end. */
export function drawSegment(random: FuzzRandom, place: Partial<SegmentHeader> = {}): WrittenSegment {
  const base = random.int(1000);
  const header: SegmentHeader = {
    logId: FUZZ_LOG,
    epoch: 1 + random.int(20),
    ordinal: random.int(4),
    base,
    before: base,
    size: BLOCK_SIZE * (3 + random.int(5)),
    nonce: random.bytes(32),
    ...place,
  };
  return fillSegment(random, header, random.int(5));
}

/** A segment of this header with at most so many records: as many as there is room for. */
export function fillSegment(random: FuzzRandom, header: SegmentHeader, most: number): WrittenSegment {
  const bytes = new Uint8Array(header.size);
  bytes.set(encodeSegmentHeader(header));
  const records: WrittenRecord[] = [];
  let offset = BLOCK_SIZE;
  let first = header.base;
  while (records.length < most) {
    const record: SegmentRecord = { first, token: random.bytes(16), entries: drawEntries(random) };
    const encoded = encodeRecord(record, header.nonce, offset);
    if (offset + encoded.length > header.size) break;
    bytes.set(encoded, offset);
    records.push({ offset, bytes: encoded, record });
    offset += encoded.length;
    first += record.entries.length;
  }
  return { header, records, bytes };
}

function drawEntries(random: FuzzRandom): Uint8Array[] {
  return Array.from({ length: 1 + random.int(3) }, () =>
    random.bytes(random.pick([0, 1, 30, 300, random.chance(0.2) ? 5000 : 40])),
  );
}

/** What a mutator should know of a segment. */
export function segmentSample({ bytes, records }: WrittenSegment): Sample {
  const fields: Field[] = [8, 48, 56, 64, 72, 80].map((at) => ({ at, width: 8 }));
  const busy: Span[] = [{ start: 0, end: HEADER_LENGTH + CHECKSUM_LENGTH }];
  for (const { offset, record } of records) {
    fields.push(...recordFields(offset));
    const payload = record.entries.reduce((sum, entry) => sum + 2 + entry.length, 0);
    busy.push({ start: offset, end: offset + RECORD_HEAD + 8 });
    busy.push({ start: offset, end: offset + RECORD_HEAD + payload + CHECKSUM_LENGTH });
  }
  return { bytes, fields, busy };
}

/** Length, first index, count, and the length of the first entry, of a record at `offset`. */
export function recordFields(offset: number): Field[] {
  return [
    { at: offset + 4, width: 4 },
    { at: offset + 8, width: 8 },
    { at: offset + 16, width: 4 },
    { at: offset + RECORD_HEAD, width: 2 },
  ];
}
