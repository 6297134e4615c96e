import { parseDecimal } from '@tilewright/core/bytes';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { textOf, textSample, WORDS } from '../kit/samples.ts';
import { DECIMAL_REFUSALS } from './refusals.ts';

const NUMBERS = ['0', '7', '255', '65536', '1234067', '9007199254740990', '9007199254740991'];

/** `parseDecimal`. The judge is BigInt. */
export function decimalTarget(decode: typeof parseDecimal = parseDecimal): FuzzTarget {
  return decoderTarget({
    name: 'decimal',
    about: 'sizes and indexes in decimal digits',
    accepts: ['a number'],
    refusals: DECIMAL_REFUSALS,
    cap: { most: 19, refusal: 'decimal: too long', decode },
    prepare: () => ({
      recipe: { samples: NUMBERS.map((text) => textSample(text, WORDS, { lines: true, longest: 25 })), unit: 1 },
      decode(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        must(String(decode(text)) === text, () => 'the number is written otherwise');
        return 'a number';
      },
      judge(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        return /^[0-9]{1,20}$/.test(text) && String(BigInt(text)) === text && BigInt(text) < 2n ** 53n;
      },
    }),
  });
}
