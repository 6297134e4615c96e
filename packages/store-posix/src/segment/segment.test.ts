import type { Hash } from '@tilewright/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLOCK } from '../directory/layout.ts';
import { decodeRecord, encodeRecord, entriesOf, recordLength, type SegmentRecord } from './record-codec.ts';
import { scanSegment } from './scan-segment.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  parseSegmentName,
  type SegmentHeader,
  segmentName,
} from './segment-header.ts';

const nonce = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const header: SegmentHeader = {
  logId: new Uint8Array(32).fill(3) as Uint8Array as Hash,
  epoch: 7,
  ordinal: 2,
  base: 1000,
  before: 1000,
  size: 16 * BLOCK,
  nonce,
};
const token = new Uint8Array(16).fill(5);

function record(first: number, lengths: readonly number[]): SegmentRecord {
  return { first, token, entries: lengths.map((length, i) => new Uint8Array(length).fill(first + i + 1)) };
}

/** A segment of these records, and where each begins. */
function segment(records: readonly SegmentRecord[]): { bytes: Uint8Array; offsets: number[]; end: number } {
  const bytes = new Uint8Array(header.size);
  bytes.set(encodeSegmentHeader(header));
  const offsets: number[] = [];
  let offset = BLOCK;
  for (const one of records) {
    offsets.push(offset);
    bytes.set(encodeRecord(one, nonce, offset), offset);
    offset += recordLength(one.entries);
  }
  return { bytes, offsets, end: offset };
}

test('a header survives the round trip', () => {
  expect(decodeSegmentHeader(encodeSegmentHeader(header))).toEqual(header);
});

test('no single bit of a header can change unnoticed', () => {
  const bytes = encodeSegmentHeader(header);
  for (let at = 0; at < BLOCK; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    expect(decodeSegmentHeader(changed)).toBeUndefined();
  }
});

test('a header with a number that nothing can count on from is none, though its checksum fits', () => {
  for (const field of ['epoch', 'ordinal', 'base', 'before', 'size'] as const) {
    const most = { ...header, [field]: 2 ** 52 };
    expect(decodeSegmentHeader(encodeSegmentHeader(most))).toEqual(most);
    expect(decodeSegmentHeader(encodeSegmentHeader({ ...header, [field]: 2 ** 52 + 1 }))).toBeUndefined();
    expect(decodeSegmentHeader(encodeSegmentHeader({ ...header, [field]: 2 ** 60 }))).toBeUndefined();
  }
});

test('names sort as epochs and ordinals do', () => {
  expect(segmentName(12, 3)).toBe('00000012-00000003');
  expect(parseSegmentName(segmentName(123_456_789, 4))).toEqual({ epoch: 123_456_789, ordinal: 4 });
  for (const other of ['12-3', '00000012', 'spare', '00000012-00000003.tmp'])
    expect(parseSegmentName(other)).toBeUndefined();
  // A second name of a segment is no name of it, and no number is rounded.
  for (const other of [
    '000000012-00000003',
    '00000012-0000000003',
    '4503599627370497-00000000',
    '9007199254740993-00000000',
  ])
    expect(parseSegmentName(other)).toBeUndefined();
});

test('records survive the round trip, at their own offset only', () => {
  const firsts = fc.integer({ min: 0, max: 2 ** 52 - 6 });
  const lengths = fc.array(fc.nat(9_000), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(firsts, lengths, fc.integer({ min: 1, max: 3 }), (first, sizes, blocks) => {
      const entries = sizes.map((size, i) => new Uint8Array(size).fill(i));
      const offset = blocks * BLOCK;
      const bytes = encodeRecord({ first, token, entries }, nonce, offset);
      expect(bytes.length % BLOCK).toBe(0);
      const file = new Uint8Array(offset + bytes.length + BLOCK);
      file.set(bytes, offset);
      const found = decodeRecord(file, nonce, offset);
      expect(found).toMatchObject({ first, token, count: entries.length, offset, length: bytes.length });
      expect(found && entriesOf(found)).toEqual(entries);
      const elsewhere = new Uint8Array(file.length + BLOCK);
      elsewhere.set(bytes, offset + BLOCK);
      expect(decodeRecord(elsewhere, nonce, offset + BLOCK)).toBeUndefined();
      expect(decodeRecord(file, nonce.toReversed(), offset)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test('no single bit of a record or its padding can change unnoticed', () => {
  const { bytes, end } = segment([record(1000, [10, 0, 5000])]);
  for (let at = BLOCK; at < end; at++) {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    expect(decodeRecord(bytes, nonce, BLOCK)).toBeUndefined();
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
  }
  expect(decodeRecord(bytes, nonce, BLOCK)).toBeDefined();
});

test('a record whose entries would have an index that nothing can count on from is none', () => {
  const decoded = (first: number): unknown => {
    const file = new Uint8Array(2 * BLOCK);
    file.set(encodeRecord(record(first, [1, 1]), nonce, BLOCK), BLOCK);
    return decodeRecord(file, nonce, BLOCK);
  };
  expect(decoded(2 ** 52 - 2)).toMatchObject({ first: 2 ** 52 - 2, count: 2 });
  for (const first of [2 ** 52 - 1, 2 ** 52 + 1, 2 ** 60]) expect(decoded(first)).toBeUndefined();
});

test('an entry that is too long for a bundle is not written', () => {
  expect(() => encodeRecord(record(0, [65_536]), nonce, BLOCK)).toThrow(RangeError);
});

test('a whole segment is read to its end', () => {
  const records = [record(1000, [1, 2, 3]), record(1003, [9000]), record(1004, [0])];
  const scan = scanSegment(segment(records).bytes);
  expect(scan?.bad).toBeUndefined();
  expect(scan?.records.map((one) => ({ first: one.first, token, entries: entriesOf(one) }))).toEqual(records);
});

test('whatever blocks of the last record a power loss keeps, it is torn and nothing before it is', () => {
  const kept = [record(1000, [100]), record(1001, [200])];
  const last = record(1002, [3 * BLOCK]);
  const { bytes, offsets, end } = segment([...kept, last]);
  const start = offsets[2] ?? 0;
  const blocks = (end - start) / BLOCK;
  expect(blocks).toBe(4);
  for (let subset = 0; subset < 2 ** blocks - 1; subset++) {
    const torn = bytes.slice();
    for (let block = 0; block < blocks; block++) {
      if (Math.floor(subset / 2 ** block) % 2 === 0) torn.fill(0, start + block * BLOCK, start + (block + 1) * BLOCK);
    }
    const scan = scanSegment(torn);
    expect(scan?.records.map(({ first }) => first)).toEqual([1000, 1001]);
    expect(scan?.bad).toEqual(subset === 0 ? undefined : { offset: start, validAfter: undefined });
  }
});

test('a bad record before a valid one is damage, and both are named', () => {
  const { bytes, offsets } = segment([record(1000, [100]), record(1001, [5000]), record(1002, [1])]);
  bytes[(offsets[1] ?? 0) + 50] = 255;
  expect(scanSegment(bytes)?.bad).toEqual({ offset: offsets[1], validAfter: offsets[2] });
});

test('a record inside of an entry is no record: its author does not know the nonce', () => {
  const { bytes: inner } = segment([record(5000, [10])]);
  const forged = new Uint8Array(2 * BLOCK);
  // Where the entry's bytes meet a block boundary stands a record with another nonce.
  forged.set(encodeRecord(record(5000, [10]), nonce.toReversed(), 2 * BLOCK), BLOCK - 38);
  const { bytes, offsets } = segment([{ first: 1000, token, entries: [forged] }]);
  bytes[(offsets[0] ?? 0) + 45] = 255;
  expect(scanSegment(bytes)?.bad).toEqual({ offset: BLOCK, validAfter: undefined });
  expect(scanSegment(inner)?.records).toHaveLength(1);
});

test('where records beyond counting are said to follow a bad one, not all are looked at, and it is damage', () => {
  const bytes = segment([]).bytes;
  const view = new DataView(bytes.buffer);
  bytes[BLOCK] = 1;
  for (let at = 2 * BLOCK; at < bytes.length; at += BLOCK) {
    bytes.set(encodeRecord(record(1, []), nonce, at).subarray(0, 36), at);
    view.setUint32(at + 4, bytes.length - at - 68);
  }
  expect(scanSegment(bytes)?.bad).toEqual({ offset: BLOCK, validAfter: undefined });
  const claimed = bytes.length - 2 * BLOCK;
  expect(scanSegment(bytes, 2 * claimed)?.bad).toEqual({ offset: BLOCK, validAfter: 4 * BLOCK });
});

test('a segment whose header is damaged is not read at all', () => {
  expect(scanSegment(new Uint8Array(0))).toBeUndefined();
  expect(scanSegment(new Uint8Array(2 * BLOCK))).toBeUndefined();
});
