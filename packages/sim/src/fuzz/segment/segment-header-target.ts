import { drawInput, FuzzRandom, type FuzzTarget, must, type Sample } from '@tilewright/fuzz';
import { BLOCK_SIZE, decodeSegmentHeader, encodeSegmentHeader } from '@tilewright/store-posix/testing';
import { HEADER_VERDICTS, judgeHeader } from './judge-segment.ts';
import { drawSegment, segmentSample } from './make-segment-bytes.ts';
import { resealHeader } from './reseal.ts';

/** The first block of a segment. What is taken for a header is one, byte for byte. */
export function segmentHeaderTarget(decode: typeof decodeSegmentHeader = decodeSegmentHeader): FuzzTarget {
  return {
    name: 'segment-header',
    about: "a write-ahead segment's first block",
    perMillion: 1_000_000,
    reaches: HEADER_VERDICTS,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'segment-header samples', 0);
      const samples: Sample[] = Array.from({ length: 12 }, () => {
        const { bytes, ...segment } = drawSegment(random);
        return segmentSample({ ...segment, bytes: bytes.subarray(0, BLOCK_SIZE), records: [] });
      });
      return {
        run(draws) {
          const { bytes, kind, how, forged, sample } = drawInput(draws, {
            samples,
            unit: 16,
            length: BLOCK_SIZE,
            reseal: resealHeader,
          });
          const verdict = judgeHeader(bytes);
          const header = decode(bytes);
          must(
            (header !== undefined) === (verdict === 'valid'),
            () => `taken for ${header ? 'valid' : 'damaged'}, is: ${verdict}`,
          );
          if (header !== undefined) {
            const written = encodeSegmentHeader(header);
            must(
              Buffer.compare(written, bytes.subarray(0, BLOCK_SIZE)) === 0,
              () => 'it says what does not stand there',
            );
            must(
              forged || samples.some((one) => Buffer.compare(one.bytes, written) === 0),
              () => 'nobody wrote this header',
            );
          }
          must(kind !== 'valid' || header !== undefined || forged, () => `a valid header is refused: ${verdict}`);
          must(sample.bytes.length === BLOCK_SIZE, () => 'a sample was changed');
          return { kind, how, reached: [verdict] };
        },
      };
    },
  };
}
