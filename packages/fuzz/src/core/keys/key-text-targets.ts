import { encodeHex } from '@tilewright/core/bytes';
import { formatSigningKey, keyIdOf, noteKeyHash, parseSigningKey, parseVerifierKey } from '@tilewright/core/note';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { keysOf, seedOf, vkeyOf } from '../kit/keys.ts';
import { textOf, textSample, WORDS } from '../kit/samples.ts';
import { SKEY_REFUSALS, VKEY_REFUSALS } from './refusals.ts';

const MOST = 4096;
const NAMES = ['log.example', 'caf\u00e9', 'a', 'x'.repeat(250)];
/** A key whose name is longer than those of ML-DSA keys may be gets one of these types, with a key id that fits it. */
const FORGED = 0.3;

/** `parseVerifierKey`. */
export function verifierKeyTarget(decode: typeof parseVerifierKey = parseVerifierKey): FuzzTarget {
  return decoderTarget({
    name: 'verifier-key',
    about: 'vkeys, of all types',
    accepts: ['a key'],
    refusals: VKEY_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    prepare: () => ({
      recipe: {
        samples: NAMES.flatMap((name) => keysOf(name).map((key) => textSample(vkeyOf(key), [...WORDS, 'x'.repeat(9)]))),
        unit: 4,
      },
      decode(bytes, { input, dice }) {
        const damaged = textOf(bytes, input, dice);
        const text = input.kind === 'damaged' && dice / 2 ** 32 < FORGED ? withFittingId(damaged) : damaged;
        const key = decode(text);
        must(vkeyOf(key) === text, () => 'the key is written otherwise');
        must(keyIdOf(noteKeyHash(key.name, key.type, key.key)) === key.keyId, () => 'its id is another one');
        return 'a key';
      },
    }),
  });
}

/** The text with the key id that its name and key have: who damages keys can do that. */
function withFittingId(text: string): string {
  const parts = /^([^+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]+=*)$/.exec(text);
  const [, name = '', base64 = ''] = parts ?? [];
  const [type, ...key] = Buffer.from(base64, 'base64');
  if (type === undefined) return text;
  try {
    return `${name}+${encodeHex(noteKeyHash(name, type, Uint8Array.from(key)).subarray(0, 4))}+${base64}`;
  } catch {
    return text;
  }
}

const SKEY_TYPES = [1, 4, 6];

/** `parseSigningKey`. */
export function signingKeyTarget(decode: typeof parseSigningKey = parseSigningKey): FuzzTarget {
  return decoderTarget({
    name: 'signing-key',
    about: "private keys in Go's text",
    accepts: ['a key'],
    refusals: SKEY_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    prepare: () => ({
      recipe: {
        samples: NAMES.flatMap((name) =>
          keysOf(name)
            .filter(({ type }) => SKEY_TYPES.includes(type))
            .map((key) => textSample(formatSigningKey(key, seedOf(name)), WORDS)),
        ),
        unit: 4,
      },
      decode(bytes, { input, dice }) {
        const text = textOf(bytes, input, dice);
        const { seed, ...key } = decode(text);
        must(formatSigningKey({ ...key, key: seed }, seed) === text, () => 'the key is written otherwise');
        return 'a key';
      },
    }),
  });
}
