import { drawInput, FuzzRandom, type FuzzTarget, must } from '@tilewright/fuzz';
import { BLOCK_SIZE, type SegmentScan, scanSegment } from '@tilewright/store-posix/testing';
import { judgedLength, judgeHeader, judgeRecord } from './judge-segment.ts';
import { drawSegment, fillSegment, segmentSample, type WrittenSegment } from './make-segment-bytes.ts';
import { checkShape } from './record-target.ts';
import { resealSegment } from './reseal.ts';

/** Every way in which the scan of a segment can end. */
const ENDS = [
  'a damaged header',
  'no record',
  'records to the end',
  'a bad end',
  'a bad record before a valid one',
] as const;

/** A whole segment: which records it has, where they stop, and whether anything valid follows. */
export function segmentScanTarget(scan: typeof scanSegment = scanSegment): FuzzTarget {
  return {
    name: 'segment-scan',
    about: 'a whole segment: its records, where they end, what follows',
    perMillion: 1_000_000,
    reaches: ENDS,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'segment-scan samples', 0);
      const segments = Array.from({ length: 10 }, () => drawSegment(random)).flatMap((one) => [
        one,
        laterThan(one, random),
      ]);
      const samples = segments.map(segmentSample);
      const written = new Set(segments.flatMap((one) => one.records.map(({ bytes }) => keyOf(bytes))));
      return {
        run(draws) {
          const { bytes, kind, how, forged } = drawInput(draws, { samples, unit: BLOCK_SIZE, reseal: resealSegment });
          const found = scan(bytes);
          const expected = scanAgain(bytes);
          must((found === undefined) === (expected === undefined), () => 'the header is judged otherwise');
          if (found === undefined || expected === undefined) return { kind, how, reached: [ENDS[0]] };
          compare(found, expected);
          for (const record of found.records) {
            checkShape(record, bytes, found.header.nonce, record.offset);
            const stored = bytes.subarray(record.offset, record.offset + record.length);
            must(forged || written.has(keyOf(stored)), () => `nobody wrote the record at ${record.offset}`);
          }
          return { kind, how, reached: [endOf(found)] };
        },
      };
    },
  };
}

/** The same segment some time later, or with records that were never there together with the others. */
function laterThan({ header }: WrittenSegment, random: FuzzRandom): WrittenSegment {
  return fillSegment(random, header, 5);
}

const keyOf = (record: Uint8Array): string => Buffer.from(record).toString('latin1');

interface Expected {
  readonly offsets: readonly number[];
  readonly bad: SegmentScan['bad'];
}

/** From what each block is by itself: all valid records first, then those that follow one another from the start. */
function scanAgain(bytes: Uint8Array): Expected | undefined {
  if (judgeHeader(bytes) !== 'valid') return undefined;
  const nonce = bytes.subarray(88, 120);
  const valid = new Map<number, number>();
  for (let offset = BLOCK_SIZE; offset < bytes.length; offset += BLOCK_SIZE) {
    if (judgeRecord(bytes, nonce, offset) === 'valid') valid.set(offset, judgedLength(bytes, offset));
  }
  const offsets: number[] = [];
  let end = BLOCK_SIZE;
  for (let length = valid.get(end); length !== undefined; length = valid.get(end)) {
    offsets.push(end);
    end += length;
  }
  if (Buffer.compare(bytes.subarray(end), new Uint8Array(bytes.length - end)) === 0) return { offsets, bad: undefined };
  const validAfter = [...valid.keys()].find((offset) => offset > end);
  return { offsets, bad: { offset: end, validAfter } };
}

function compare({ records, bad }: SegmentScan, expected: Expected): void {
  const offsets = records.map(({ offset }) => offset);
  must(
    offsets.join() === expected.offsets.join(),
    () => `records at ${offsets.join()}, not ${expected.offsets.join()}`,
  );
  must(
    bad?.offset === expected.bad?.offset && bad?.validAfter === expected.bad?.validAfter,
    () => `it ends ${JSON.stringify(bad)}, not ${JSON.stringify(expected.bad)}`,
  );
}

function endOf({ records, bad }: SegmentScan): (typeof ENDS)[number] {
  if (bad !== undefined) return bad.validAfter === undefined ? ENDS[3] : ENDS[4];
  return records.length === 0 ? ENDS[1] : ENDS[2];
}
