import { FuzzRandom, type FuzzTarget, must, mutateBytes } from '@tilewright/fuzz';
import { decodeRecord, encodeRecord, entriesOf, type StoredRecord } from '@tilewright/store-posix/testing';
import { judgedLength, judgeRecord, RECORD_VERDICTS } from './judge-segment.ts';
import { drawSegment, recordFields, segmentSample, type WrittenSegment } from './make-segment-bytes.ts';
import { resealRecord } from './reseal.ts';

const BLOCK = 4096;

/** One record in its segment, mostly where it was written. What is taken for a record is one that was written there. */
export function recordTarget(decode: typeof decodeRecord = decodeRecord): FuzzTarget {
  return {
    name: 'record',
    about: 'one record of a segment, by nonce and offset',
    perMillion: 1_000_000,
    reaches: RECORD_VERDICTS,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'record samples', 0);
      const segments: WrittenSegment[] = [];
      while (segments.length < 16) {
        const segment = drawSegment(random);
        if (segment.records.length > 0) segments.push(segment);
      }
      return { run: (draws) => runRecord(draws, segments, decode) };
    },
  };
}

function runRecord(
  random: FuzzRandom,
  segments: readonly WrittenSegment[],
  decode: typeof decodeRecord,
): ReturnType<Awaited<ReturnType<FuzzTarget['prepare']>>['run']> {
  const segment = random.pick(segments);
  const { offset } = random.pick(segment.records);
  const whole = random.chance(0.03);
  const sample = { ...segmentSample(segment), fields: recordFields(offset), busy: [busyAt(segment, offset)] };
  const { bytes, how } = whole
    ? { bytes: segment.bytes, how: [] }
    : mutateBytes(random, sample, segmentSample(random.pick(segments)), BLOCK);
  // A record that is valid elsewhere, or in another segment, is none here.
  const at = random.chance(0.9) ? offset : BLOCK * random.int(9);
  const { nonce } = random.chance(0.97) ? segment.header : random.pick(segments).header;
  const forged = !whole && random.chance(0.5);
  if (forged) resealRecord(bytes, nonce, at);
  const verdict = judgeRecord(bytes, nonce, at);
  const found = decode(bytes, nonce, at);
  must(
    (found !== undefined) === (verdict === 'valid'),
    () => `taken for ${found ? 'valid' : 'damaged'}, is: ${verdict}`,
  );
  if (found !== undefined) {
    checkShape(found, bytes, nonce, at);
    must(forged || wasWritten(segments, nonce, at, bytes), () => 'nobody wrote this record there');
  }
  return { kind: whole ? 'valid' : 'damaged', how, reached: [verdict] };
}

function busyAt(segment: WrittenSegment, offset: number): { start: number; end: number } {
  const length = segment.records.find((one) => one.offset === offset)?.bytes.length ?? BLOCK;
  return { start: offset, end: offset + Math.min(length, 200) };
}

/** What is taken for a record says exactly what stands there. */
export function checkShape(found: StoredRecord, bytes: Uint8Array, nonce: Uint8Array, offset: number): void {
  const { first, token, count, length } = found;
  const entries = entriesOf(found);
  must(entries.length === count, () => `${count} entries are promised, ${entries.length} are there`);
  must(found.offset === offset && length === judgedLength(bytes, offset), () => 'it is said to stand somewhere else');
  const again = encodeRecord({ first, token, entries }, nonce, offset);
  must(Buffer.compare(again, bytes.subarray(offset, offset + length)) === 0, () => 'it says what does not stand there');
}

function wasWritten(segments: readonly WrittenSegment[], nonce: Uint8Array, at: number, bytes: Uint8Array): boolean {
  return segments.some(
    (one) =>
      Buffer.compare(one.header.nonce, nonce) === 0 &&
      one.records.some(
        ({ offset, bytes: written }) =>
          offset === at && Buffer.compare(written, bytes.subarray(at, at + written.length)) === 0,
      ),
  );
}
