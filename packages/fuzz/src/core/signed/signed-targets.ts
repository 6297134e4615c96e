import { asHash, concatBytes, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import {
  cosignatureV1Message,
  formatTimestampedSignature,
  parseCosignatureV1Message,
  parseSubtreeV1Message,
  parseTimestampedSignature,
  subtreeV1Message,
} from '@tilewright/core/cosignature';
import { formatTreeHeadSignature, parseTreeHeadSignature, TREE_HEAD_ALGORITHM } from '@tilewright/core/tree-head';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { binarySample, textSample, WORDS } from '../kit/samples.ts';
import { COSIGNATURE_REFUSALS, COSIGNATURE_V1_REFUSALS, SUBTREE_V1_REFUSALS, TREE_HEAD_REFUSALS } from './refusals.ts';

const MOST = 1_048_576;
const MOST_HEAD = 40;
const TIMES = [0n, 1n, 1_700_000_000n, 2n ** 53n, 2n ** 63n - 1n];

/** `parseTimestampedSignature`: types 0x04 and 0x06. */
export function cosignatureTarget(decode: typeof parseTimestampedSignature = parseTimestampedSignature): FuzzTarget {
  return decoderTarget({
    name: 'cosignature',
    about: 'time and signature of types 0x04 and 0x06',
    accepts: ['a cosignature'],
    refusals: COSIGNATURE_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: [refusing('zeros', MOST, (size) => new Uint8Array(size), decode)],
    prepare: (random) => ({
      recipe: {
        samples: TIMES.flatMap((timestamp) =>
          [1, 64, 64, 64, 2420].map((size) =>
            binarySample(formatTimestampedSignature({ timestamp, signature: random.bytes(size) }), [
              { at: 0, width: 8 },
            ]),
          ),
        ),
        unit: 8,
      },
      decode(bytes) {
        must(equalBytes(formatTimestampedSignature(decode(bytes)), bytes), () => 'it is written otherwise');
        return 'a cosignature';
      },
    }),
  });
}

/** `parseCosignatureV1Message`: what type 0x04 signs. */
export function cosignatureV1Target(decode: typeof parseCosignatureV1Message = parseCosignatureV1Message): FuzzTarget {
  const head = encodeUtf8('cosignature/v1\ntime 1700000000\n');
  return decoderTarget({
    name: 'cosignature-v1',
    about: 'the message under type 0x04',
    accepts: ['a message'],
    refusals: COSIGNATURE_V1_REFUSALS,
    cap: { most: MOST + MOST_HEAD, refusal: 'too long', decode },
    growth: [
      refusing('a text of zeros', MOST, (size) => concatBytes(head, new Uint8Array(size)), decode),
      refusing('a long first line', MOST, (size) => new Uint8Array(size).fill(0x61), decode),
    ],
    prepare: (random) => ({
      recipe: {
        samples: TIMES.map((timestamp) =>
          textSample(cosignatureV1Message({ timestamp, text: random.bytes(random.int(90)) }), WORDS, {
            lines: true,
            busy: [{ start: 0, end: 30 }],
          }),
        ),
        unit: 5,
      },
      decode(bytes) {
        must(equalBytes(cosignatureV1Message(decode(bytes)), bytes), () => 'the message is written otherwise');
        return 'a message';
      },
    }),
  });
}

const RANGES = [
  [0, 0],
  [0, 5],
  [4, 8],
  [256, 300],
  [0, 2 ** 53 - 1],
  [2 ** 52, 2 ** 52 + 7],
] as const;

/** `parseSubtreeV1Message`: what type 0x06 signs. */
export function subtreeV1Target(decode: typeof parseSubtreeV1Message = parseSubtreeV1Message): FuzzTarget {
  return decoderTarget({
    name: 'subtree-v1',
    about: 'the message under type 0x06',
    accepts: ['a message'],
    refusals: SUBTREE_V1_REFUSALS,
    growth: [
      refusing(
        'bytes behind it',
        MOST,
        (size) => concatBytes(drawnStatement('w', 'l', 0n, 0, 5), new Uint8Array(size)),
        decode,
      ),
    ],
    prepare: (random) => ({
      recipe: { samples: RANGES.flatMap((range) => drawStatements(random, range)), unit: 8 },
      decode(bytes) {
        must(equalBytes(subtreeV1Message(decode(bytes)), bytes), () => 'the message is written otherwise');
        return 'a message';
      },
    }),
  });
}

function drawnStatement(cosigner: string, origin: string, timestamp: bigint, start: number, end: number): Uint8Array {
  return subtreeV1Message({ cosigner, origin, timestamp, start, end, hash: asHash(new Uint8Array(32)) });
}

function drawStatements(
  random: FuzzRandom,
  [start, end]: readonly [number, number],
): ReturnType<typeof binarySample>[] {
  return ['w', 'witness.example', 'caf\u00e9', 'x'.repeat(255)].map((cosigner) => {
    const origin = random.pick(['log.example', 'a b+c', 'y'.repeat(255)]);
    const bytes = drawnStatement(cosigner, origin, start === 0 ? random.pick(TIMES) : 0n, start, end);
    const timeAt = 13 + encodeUtf8(cosigner).length;
    const startAt = timeAt + 9 + origin.length;
    return binarySample(bytes, [
      { at: 12, width: 1 },
      { at: timeAt, width: 8 },
      { at: timeAt + 8, width: 1 },
      { at: startAt, width: 8 },
      { at: startAt + 8, width: 8 },
    ]);
  });
}

/** `parseTreeHeadSignature`: type 0x05. */
export function treeHeadTarget(decode: typeof parseTreeHeadSignature = parseTreeHeadSignature): FuzzTarget {
  const fields = [
    { at: 0, width: 8 },
    { at: 8, width: 1 },
    { at: 9, width: 1 },
    { at: 10, width: 2 },
  ] as const;
  return decoderTarget({
    name: 'tree-head',
    about: 'signatures of type 0x05',
    accepts: ['a tree head signature'],
    refusals: TREE_HEAD_REFUSALS,
    growth: [
      refusing('zeros', MOST, (size) => new Uint8Array(size), decode),
      refusing('valid', 65_535, (size) => formatted(0n, 1, new Uint8Array(size)), decode),
    ],
    prepare: (random) => ({
      recipe: {
        samples: TIMES.flatMap((time) =>
          Object.values(TREE_HEAD_ALGORITHM).map((algorithm) =>
            binarySample(formatted(time, algorithm, random.bytes(random.pick([0, 71, 256]))), fields),
          ),
        ),
        unit: 4,
      },
      decode(bytes) {
        must(equalBytes(formatTreeHeadSignature(decode(bytes)), bytes), () => 'it is written otherwise');
        return 'a tree head signature';
      },
    }),
  });
}

function formatted(timestamp: bigint, algorithm: 1 | 3, signature: Uint8Array): Uint8Array {
  return formatTreeHeadSignature({ timestamp, algorithm, signature });
}
