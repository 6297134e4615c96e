import { HEX_REFUSALS, SHORT_BASE64_REFUSALS } from '../bytes/refusals.ts';
import { inPart, type Refusal, refusal, without } from '../kit/refusal.ts';

const KEY_NAME_RULE =
  'a key name is not empty and has no Unicode white space, plus sign or control character below U\\+0020';
/** A key id that gets as far as its digits has eight of them. */
const KEY_ID_REFUSALS = without(HEX_REFUSALS, 'hex: too long', 'hex: odd');

/** A name that no key can have. */
export const NAME_REFUSAL: Refusal = refusal('name', 'malformed', KEY_NAME_RULE);

function keyTextRefusals(rule: string): readonly Refusal[] {
  return [
    refusal('two plus signs', 'malformed', rule),
    refusal('digits of the key id', 'malformed', `the key id has 8 hex digits: ${rule}`),
    NAME_REFUSAL,
    ...inPart('key id', 'the key id: ', KEY_ID_REFUSALS),
    ...inPart('key', 'the key: ', SHORT_BASE64_REFUSALS),
  ];
}

/** What `verifierKey` refuses of a type and the bytes behind it. */
const MATERIAL_REFUSALS: readonly Refusal[] = [
  refusal('unknown type', 'unknown-key', 'keys of type \\d{1,3} are unknown'),
  refusal('unknown name of a type', 'unknown-key', 'keys of type 255 and that name are unknown'),
  refusal('length of the key', 'malformed', 'a key of type \\d{1,3} does not have \\d+ bytes'),
  refusal('name of an ML-DSA key', 'malformed', 'the name of an ML-DSA key has at most 255 bytes'),
];

/** What `parseVerifierKey` refuses. */
export const VKEY_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a vkey has at most 4096 characters'),
  ...keyTextRefusals('a vkey is <name>\\+<8 hex digits>\\+<base64>'),
  refusal('nothing behind the key id', 'malformed', 'a vkey holds a type byte and a key'),
  ...MATERIAL_REFUSALS,
  refusal('key id of another key', 'mismatch', 'the key id of the vkey is not that of its name, type and key'),
];

/** What `parseSigningKey` refuses. */
export const SKEY_REFUSALS: readonly Refusal[] = [
  refusal('too long', 'malformed', 'a signing key has at most 4096 characters'),
  ...keyTextRefusals('a signing key is PRIVATE\\+KEY\\+<name>\\+<8 hex digits>\\+<base64>'),
  refusal('nothing behind the key id', 'malformed', 'a signing key holds a type byte and a seed'),
  refusal('unknown type', 'unknown-key', 'signing keys of type \\d{1,3} have no text form here'),
  refusal('length of the seed', 'malformed', 'a signing key holds a seed of 32 bytes'),
];

/** What Ed25519 keys are refused for. */
export const ED25519_REFUSALS: readonly Refusal[] = [
  refusal('length', 'malformed', 'an Ed25519 key has 32 bytes'),
  refusal('not canonical', 'malformed', 'the key is not canonical: its y is not below 2\\^255-19'),
  refusal('off the curve', 'malformed', 'the key is not a point of the Ed25519 curve'),
  refusal('small order', 'malformed', 'the Ed25519 key has small order: anyone can sign for it'),
];

/** What ECDSA keys are refused for, where these curves are allowed. */
export function ecdsaRefusals(curves: string): readonly Refusal[] {
  return [
    refusal('another kind of key', 'unknown-key', `the key is not the DER of an uncompressed ${curves} key`),
    refusal('off the curve', 'malformed', 'the key is not a point of its curve'),
  ];
}

/** What of them a reader says that takes RSA keys as well: another kind of key may be one. */
export const ECDSA_REFUSALS_ALL: readonly Refusal[] = ecdsaRefusals('P-256').slice(1);

const derRule = (what: string): string => `the key is not the canonical DER of an RSA key: at byte \\d+ is ${what}`;

/** What RSA keys are refused for. */
export const RSA_REFUSALS: readonly Refusal[] = [
  refusal('not rsaEncryption', 'unknown-key', 'the key is not the DER of an RSA key \\(rsaEncryption\\)'),
  refusal('tag', 'malformed', derRule('no (?:SEQUENCE|BIT STRING|INTEGER)')),
  refusal('form of a length', 'malformed', derRule('a length that is not in its shortest form, or above 65535')),
  refusal('length beyond the end', 'malformed', derRule('a length beyond the end')),
  refusal('bytes left over', 'malformed', derRule('bytes that follow the last element')),
  refusal('unused bits', 'malformed', derRule('a bit string with unused bits')),
  refusal('empty or negative integer', 'malformed', derRule('an integer that is empty or negative')),
  refusal('zeros before an integer', 'malformed', derRule('an integer with zeros before it')),
  refusal('size of the modulus', 'unknown-key', 'the RSA key has \\d+ bits; 2048 to 4096 are supported'),
  refusal('even modulus', 'unknown-key', 'the modulus of the RSA key is even'),
  refusal('exponent', 'unknown-key', 'the exponent of the RSA key is not odd, or not from 3 to 2\\^31-1'),
];
