import { isUtf8 } from 'node:buffer';
import { decodeBase64, decodeHex, decodeUtf8, encodeBase64, encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { refusal } from '../kit/refusal.ts';
import { textOf, textSample } from '../kit/samples.ts';
import { BASE64_REFUSALS, HEX_REFUSALS, UTF8_REFUSAL } from './refusals.ts';

const MOST = 64 * 1024 * 1024;
const SIZES = [0, 1, 2, 3, 4, 32, 33, 64, 100];

/** `decodeBase64`. The judge is Node's own decoder: what it writes again is what stood there. */
export function base64Target(decode: typeof decodeBase64 = decodeBase64): FuzzTarget {
  const words = ['=', '==', 'A', '-', '_', '\n', ' ', '\u00a0', 'AA==', 'AAA='];
  return decoderTarget({
    name: 'base64',
    about: 'strict base64',
    accepts: ['base64'],
    refusals: BASE64_REFUSALS,
    cap: { most: MOST, refusal: 'base64: too long', decode },
    growth: [
      refusing('valid', MOST, (size) => 'ABCD'.repeat(size / 4), decode),
      refusing('a bad last character', MOST, (size) => `${'ABCD'.repeat(size / 4 - 1)}ABC*`, decode),
    ],
    prepare: (random) => ({
      recipe: { samples: SIZES.map((size) => textSample(encodeBase64(random.bytes(size)), words)), unit: 4 },
      decode(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        must(encodeBase64(decode(text)) === text, () => 'what was decoded is written otherwise');
        return 'base64';
      },
      judge(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        return Buffer.from(text, 'base64').toString('base64') === text;
      },
    }),
  });
}

/** `decodeHex`. The judge is a regular expression. */
export function hexTarget(decode: typeof decodeHex = decodeHex): FuzzTarget {
  return decoderTarget({
    name: 'hex',
    about: 'lowercase hexadecimal',
    accepts: ['hex'],
    refusals: HEX_REFUSALS,
    cap: { most: MOST, refusal: 'hex: too long', decode },
    growth: [
      refusing('valid', MOST, (size) => '0f'.repeat(size / 2), decode),
      refusing('a bad last digit', MOST, (size) => `${'0f'.repeat(size / 2 - 1)}0F`, decode),
    ],
    prepare: (random) => ({
      recipe: {
        samples: SIZES.map((size) => textSample(encodeHex(random.bytes(size)), ['A', 'F', 'g', ' ', '0x', '\u0660'])),
        unit: 2,
      },
      decode(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        must(encodeHex(decode(text)) === text, () => 'what was decoded is written otherwise');
        return 'hex';
      },
      judge: (bytes, { input, dice }) => /^(?:[0-9a-f]{2})*$/.test(textOf(bytes, input, dice)),
    }),
  });
}

const TEXTS = ['', 'plain', 'caf\u00e9', '\u20ac\u2014\ufffd', '\u{1f600}\u{10ffff}', '\ufeffmark', 'a\u0000b'];

/** `decodeUtf8`. Node's own check is the judge, also of where the first bad byte is: all before it is valid. */
export function utf8Target(decode: typeof decodeUtf8 = decodeUtf8): FuzzTarget {
  const words = ['\u00c3', '\u20ac', '\ufffd', '\u{1f600}', '\ufeff'];
  return decoderTarget({
    name: 'utf8',
    about: 'UTF-8, and where it ends to be any',
    accepts: ['UTF-8'],
    refusals: [UTF8_REFUSAL, refusal('too long', 'malformed', 'UTF-8 text has at most 67108864 bytes')],
    cap: { most: MOST, refusal: 'too long', decode },
    growth: [
      refusing('ASCII', MOST, (size) => new Uint8Array(size).fill(0x61), decode),
      refusing('three-byte characters', MOST, (size) => encodeUtf8('\u20ac'.repeat(size / 3)), decode),
      refusing('ASCII with a bad last byte', MOST, (size) => new Uint8Array(size).fill(0x61).fill(0xff, -1), decode),
      refusing('bad bytes alone', MOST, (size) => new Uint8Array(size).fill(0xff), decode),
    ],
    prepare: () => ({
      recipe: { samples: TEXTS.map((text) => textSample(text.repeat(3), words)), unit: 3 },
      decode(bytes) {
        try {
          must(Buffer.compare(encodeUtf8(decode(bytes)), bytes) === 0, () => 'what was decoded is written otherwise');
          return 'UTF-8';
        } catch (error) {
          if (error instanceof Error && 'code' in error) checkOffset(bytes, error.message);
          throw error;
        }
      },
      judge: (bytes) => isUtf8(bytes),
    }),
  });
}

/** All before the byte that a refusal names is valid, and that byte begins nothing that is. */
function checkOffset(bytes: Uint8Array, message: string): void {
  const at = Number(/from byte (\d+)/.exec(message)?.[1] ?? -1);
  must(at >= 0 && at < bytes.length && isUtf8(bytes.subarray(0, at)), () => `byte ${at} is not the first bad one`);
  const begins = [1, 2, 3, 4].some((size) => at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)));
  must(!begins, () => `at byte ${at} stands a good character`);
}
