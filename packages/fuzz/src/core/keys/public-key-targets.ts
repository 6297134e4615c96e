import { checkEd25519Key, KEY_TYPE, rsaKeyMaterial, type VerifierKey, verifierKey } from '@tilewright/core/note';
import { ed25519CosignatureVerifier } from '@tilewright/core/note/cosignature';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { mlDsaNoteVerifier } from '@tilewright/core/note/ml-dsa';
import { rfc6962NoteVerifier } from '@tilewright/core/note/rfc6962';
import { rsaNoteVerifier } from '@tilewright/core/note/rsa';
import { treeHeadVerifierKey } from '@tilewright/core/tree-head';
import type { Field, Sample } from '../../mutate/sample.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { type DecoderSpec, decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import { ecdsaSpki, keysOf, rsaSpki } from '../kit/keys.ts';
import { refusal } from '../kit/refusal.ts';
import { binarySample } from '../kit/samples.ts';
import { ECDSA_REFUSALS_ALL, ED25519_REFUSALS, ecdsaRefusals, RSA_REFUSALS } from './refusals.ts';

const NAME = 'log.example';
const NAMES = ['a', 'b', 'c', 'd', 'e'];
/** Points of small order, keys that are not below the field's prime, and points that are none. */
const ODD_KEYS = ['00', '01', 'ec', 'ed', 'ee', 'ff', '02'].map((first) =>
  Uint8Array.from({ length: 32 }, (_, at) => {
    const low = Number.parseInt(first, 16);
    if (at === 0) return low;
    return low < 3 ? 0 : at === 31 ? 0x7f : 0xff;
  }),
);

/** A target whose input is the whole key, of which a verifier is made. */
function keyTarget(
  spec: Pick<DecoderSpec, 'name' | 'about' | 'refusals'> & Partial<DecoderSpec>,
  samples: () => readonly Sample[],
  make: (bytes: Uint8Array) => unknown,
  unit = 8,
): FuzzTarget {
  return decoderTarget({
    ...spec,
    accepts: ['a key'],
    prepare: () => ({
      recipe: { samples: samples(), unit },
      decode(bytes) {
        make(bytes);
        return 'a key';
      },
    }),
  });
}

/** Ed25519 keys, as `checkEd25519Key` judges them; those that pass make both verifiers, once in a while. */
export function ed25519KeyTarget(check: typeof checkEd25519Key = checkEd25519Key): FuzzTarget {
  const typed = (type: number, key: Uint8Array): VerifierKey => ({ name: NAME, keyId: 0, type, key });
  return keyTarget(
    { name: 'ed25519-key', about: 'Ed25519 public keys', refusals: ED25519_REFUSALS, acceptsValid: false },
    () =>
      [...NAMES.map((name) => keysOf(name)[0]?.key ?? new Uint8Array(0)), ...ODD_KEYS].map((key) => binarySample(key)),
    (bytes) => {
      check(bytes);
      if ((bytes[5] ?? 0) % 32 !== 0) return;
      ed25519NoteVerifier(typed(KEY_TYPE.ed25519, bytes));
      ed25519CosignatureVerifier(typed(KEY_TYPE.cosignatureEd25519, bytes));
    },
  );
}

const CURVES = ['P-256', 'P-384', 'P-521'] as const;

/** ECDSA keys behind `./note/ecdsa`. */
export function ecdsaKeyTarget(make: typeof ecdsaNoteVerifier = ecdsaNoteVerifier): FuzzTarget {
  return keyTarget(
    { name: 'ecdsa-key', about: 'ECDSA public keys in DER', refusals: ecdsaRefusals('P-256, P-384, P-521') },
    () => CURVES.flatMap((curve) => NAMES.map((name) => binarySample(ecdsaSpki(curve, name)))),
    (key) => make({ name: NAME, keyId: 0, type: KEY_TYPE.ecdsa, key }),
  );
}

/** Where the lengths in an RSA key of this package's making stand. */
const RSA_FIELDS: readonly Field[] = [
  { at: 2, width: 2 },
  { at: 21, width: 2 },
  { at: 26, width: 2 },
  { at: 30, width: 2 },
];
const BITS = [2048, 2056, 3072, 4096, 2047, 4097, 1024];

function rsaSamples(bits: readonly number[]): Sample[] {
  return bits.flatMap((size) =>
    [3, 65_537, 2 ** 31 - 1, 1, 65_536].map((exponent) => ({
      ...binarySample(rsaSpki(size, exponent, NAME), RSA_FIELDS),
      // Most damage to a modulus makes another one.
      busy: [
        { start: 0, end: 36 },
        { start: Math.ceil(size / 8) + 30, end: Math.ceil(size / 8) + 38 },
      ],
    })),
  );
}

/** RSA keys behind `./note/rsa`. Of other sizes than are supported some are tried as well. */
export function rsaKeyTarget(make: typeof rsaNoteVerifier = rsaNoteVerifier): FuzzTarget {
  const verifierOf = (spki: Uint8Array): unknown =>
    make({ name: NAME, keyId: 0, type: KEY_TYPE.named, key: rsaKeyMaterial(spki) });
  return keyTarget(
    {
      name: 'rsa-key',
      about: 'RSA public keys in DER',
      refusals: [...RSA_REFUSALS, refusal('nothing', 'malformed', 'a key of type 255 does not have 19 bytes')],
      acceptsValid: false,
      growth: [
        refusing('a modulus of one bits', 65_000, (size) => wideRsaKey(size), verifierOf),
        refusing('a modulus of zeros', 65_000, (size) => wideRsaKey(size).fill(0, 36), verifierOf),
      ],
    },
    () => rsaSamples(BITS),
    verifierOf,
    4,
  );
}

/** As long as the length of an RSA key can say: a modulus of so many bytes, all ones. */
function wideRsaKey(size: number): Uint8Array {
  const key = rsaSpki(8 * Math.max(512, size - 64), 65_537, NAME);
  return key.fill(0xff, 36, key.length - 8);
}

/** Keys of RFC 6962 logs behind `./note/rfc6962`: ECDSA on P-256, or RSA. */
export function rfc6962KeyTarget(make: typeof rfc6962NoteVerifier = rfc6962NoteVerifier): FuzzTarget {
  return keyTarget(
    {
      name: 'rfc6962-key',
      about: 'public keys of RFC 6962 logs',
      refusals: [
        ...RSA_REFUSALS,
        ...ECDSA_REFUSALS_ALL,
        refusal('only a hash', 'unknown-key', 'the vkey holds only a hash: give the public key of the log as well'),
      ],
      acceptsValid: false,
    },
    () => [
      ...NAMES.map((name) => binarySample(ecdsaSpki('P-256', name))),
      binarySample(ecdsaSpki('P-384', NAME)),
      binarySample(new Uint8Array(32)),
      ...rsaSamples([2048, 2047]),
    ],
    (spki) => make(treeHeadVerifierKey(NAME, spki), spki),
    4,
  );
}

/** ML-DSA-44 keys behind `./note/ml-dsa`: every 1312 bytes are one. */
export function mlDsaKeyTarget(make: typeof mlDsaNoteVerifier = mlDsaNoteVerifier): FuzzTarget {
  return keyTarget(
    {
      name: 'ml-dsa-key',
      about: 'ML-DSA-44 public keys',
      refusals: [refusal('length', 'malformed', 'a key of type 6 does not have \\d+ bytes')],
    },
    () => NAMES.map((name) => binarySample(keysOf(name)[5]?.key ?? new Uint8Array(0))),
    (key) => make(verifierKey(NAME, KEY_TYPE.cosignatureMlDsa44, key)),
    32,
  );
}
