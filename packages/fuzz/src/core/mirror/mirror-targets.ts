import { asHash, asTreeSize, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import {
  decodePackage,
  decodeUploadHeader,
  encodePackage,
  encodeUploadHeader,
  formatMirrorInfo,
  parseMirrorInfo,
} from '@tilewright/core/mirror';
import type { Field, Sample } from '../../mutate/sample.ts';
import type { FuzzRandom } from '../../random/fuzz-random.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { DECIMAL_REFUSALS, SHORT_BASE64_REFUSALS, UTF8_REFUSAL } from '../bytes/refusals.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { inPart, refusal } from '../kit/refusal.ts';
import { binarySample, textSample, WORDS } from '../kit/samples.ts';

const MOST_U16 = 65_535;
const NUMBERS = [0, 1, 250, 300, 70_000, 2 ** 53 - 1];

/** `decodeUploadHeader`: what follows the header is not looked at. */
export function uploadHeaderTarget(decode: typeof decodeUploadHeader = decodeUploadHeader): FuzzTarget {
  return decoderTarget({
    name: 'upload-header',
    about: 'the head of an upload to a mirror',
    accepts: ['a header', 'more bytes are needed'],
    refusals: [
      refusal('no origin', 'malformed', 'the upload names no origin'),
      ...inPart('origin', 'the origin: ', [UTF8_REFUSAL]),
      refusal('number above 2^63-1', 'malformed', 'the number at byte \\d+ is above 2\\^63-1'),
      refusal('number above 2^53-1', 'size-unsupported', 'the number at byte \\d+ is above 2\\^53-1, the largest .*'),
      refusal('backwards', 'malformed', 'the upload goes from \\d+ back to \\d+'),
    ],
    growth: [
      refusing('a long origin', MOST_U16, (size) => header('a'.repeat(size), 0, 0, new Uint8Array(0)), decode),
      refusing('a long ticket', MOST_U16, (size) => header('a', 0, 0, new Uint8Array(size)), decode),
      refusing('bytes behind it', 2 ** 24, (size) => new Uint8Array(size).fill(1), decode),
    ],
    prepare: (random) => ({
      recipe: {
        samples: ['a', 'log.example', 'caf\u00e9', 'x'.repeat(300)].flatMap((origin) =>
          NUMBERS.map((start) => headerSample(random, origin, start)),
        ),
        unit: 8,
      },
      decode(bytes) {
        const decoded = decode(bytes);
        if (decoded === undefined) return 'more bytes are needed';
        const written = encodeUploadHeader(decoded.header);
        must(equalBytes(written, bytes.subarray(0, decoded.size)), () => 'the header is written otherwise');
        return 'a header';
      },
    }),
  });
}

function header(origin: string, start: number, end: number, ticket: Uint8Array): Uint8Array {
  return encodeUploadHeader({ origin, start: asTreeSize(start), end: asTreeSize(end), ticket });
}

function headerSample(random: FuzzRandom, origin: string, start: number): Sample {
  const end = random.pick(NUMBERS.filter((number) => number >= start));
  const at = 2 + encodeUtf8(origin).length;
  return binarySample(header(origin, start, end, random.bytes(random.pick([0, 9, 90]))), [
    { at: 0, width: 2 },
    { at, width: 8 },
    { at: at + 8, width: 8 },
    { at: at + 16, width: 2 },
  ]);
}

const MOST_PACKAGE = 256 * (2 + MOST_U16);
const whole = { start: 0, end: 256, subtree: 0 };

/** `decodePackage`, of a range that is told: what follows the package is not looked at. */
export function entryPackageTarget(decode: typeof decodePackage = decodePackage): FuzzTarget {
  return decoderTarget({
    name: 'entry-package',
    about: 'entries and proof of an upload to a mirror',
    accepts: ['a package', 'more bytes are needed'],
    refusals: [refusal('too many hashes', 'malformed', 'a proof has at most 63 hashes, this one \\d+')],
    growth: [
      refusing(
        '256 long entries',
        MOST_PACKAGE,
        (size) => packageOf(new Uint8Array(Math.floor(size / 256) - 2)),
        (bytes) => decode(bytes, whole),
      ),
      refusing(
        'zeros',
        MOST_PACKAGE,
        (size) => new Uint8Array(size),
        (bytes) => decode(bytes, whole),
      ),
      refusing(
        'lengths of all ones',
        MOST_PACKAGE,
        (size) => new Uint8Array(size).fill(255),
        (bytes) => decode(bytes, whole),
      ),
    ],
    prepare: (random) => {
      const counts = new Map([0, 1, 1, 2, 5, 20, 100].map((count) => [packageSample(random, count), count]));
      return {
        recipe: { samples: [...counts.keys()], unit: 32 },
        decode(bytes, { input }) {
          const decoded = decode(bytes, { start: 300 - (counts.get(input.sample) ?? 0), end: 300, subtree: 256 });
          if (decoded === undefined) return 'more bytes are needed';
          const written = encodePackage(decoded.contents);
          must(equalBytes(written, bytes.subarray(0, decoded.size)), () => 'the package is written otherwise');
          return 'a package';
        },
      };
    },
  });
}

function packageOf(entry: Uint8Array): Uint8Array {
  return encodePackage({ entries: Array.from({ length: 256 }, () => entry), proof: [] });
}

function packageSample(random: FuzzRandom, count: number): Sample {
  const entries = Array.from({ length: count }, () => random.bytes(random.int(random.pick([1, 8, 40]))));
  const proof = Array.from({ length: random.pick([0, 2, 63]) }, () => asHash(random.bytes(32)));
  let at = 0;
  const fields: Field[] = entries.map(({ length }) => {
    const field = { at, width: 2 } as const;
    at += 2 + length;
    return field;
  });
  return binarySample(encodePackage({ entries, proof }), [...fields, { at, width: 1 }]);
}

const MOST_INFO = 128 * 1024;

/** `parseMirrorInfo`. */
export function mirrorInfoTarget(decode: typeof parseMirrorInfo = parseMirrorInfo): FuzzTarget {
  return decoderTarget({
    name: 'mirror-info',
    about: 'where a mirror says that an upload goes on',
    accepts: ['an answer'],
    refusals: [
      refusal('too long', 'malformed', 'an answer has at most 131072 bytes, this one has \\d+'),
      UTF8_REFUSAL,
      refusal('three lines', 'malformed', 'the answer is not three lines: a size, an index, a ticket'),
      ...inPart('pending', 'line 1: ', DECIMAL_REFUSALS),
      ...inPart('next', 'line 2: ', DECIMAL_REFUSALS),
      ...inPart('ticket', 'line 3: ', SHORT_BASE64_REFUSALS),
      refusal('ticket: too long', 'malformed', 'line 3: a ticket has at most 65535 bytes'),
    ],
    cap: { most: MOST_INFO, refusal: 'too long', decode },
    growth: [
      refusing('a long ticket', MOST_INFO, (size) => encodeUtf8(`1\n1\n${'AAAA'.repeat(size / 4 - 2)}\n`), decode),
      refusing(
        'a ticket with a bad end',
        MOST_INFO,
        (size) => encodeUtf8(`1\n1\n${'AAAA'.repeat(size / 4 - 3)}*AA=\n`),
        decode,
      ),
      refusing('empty lines', MOST_INFO, (size) => new Uint8Array(size).fill(10), decode),
      refusing('one long line', MOST_INFO, (size) => new Uint8Array(size).fill(0x31), decode),
    ],
    prepare: (random) => {
      const tickets = [0, 0, 1, 2, 3, 32, 400].map((size) => random.bytes(size));
      const samples = tickets.flatMap((ticket) =>
        NUMBERS.map((next) => {
          const info = { pending: asTreeSize(random.pick(NUMBERS)), next: asTreeSize(next), ticket };
          return textSample(formatMirrorInfo(info), WORDS, { lines: true });
        }),
      );
      const long = encodeUtf8(`1\n1\n${'A'.repeat(87_384)}\n`);
      return {
        recipe: { samples, unit: 4 },
        decode(bytes, { input, dice }) {
          const read = input.kind === 'damaged' && dice % 20_000 === 0 ? long : bytes;
          must(equalBytes(formatMirrorInfo(decode(read)), read), () => 'the answer is written otherwise');
          return 'an answer';
        },
      };
    },
  });
}
