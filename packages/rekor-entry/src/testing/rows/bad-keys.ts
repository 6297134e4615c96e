import { concatBytes, decodeHex, encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { Tag } from '../../der/der-reader.ts';
import { derElement, derUnsigned } from '../../der/der-writer.ts';
import { spkiOf } from '../build/fixture-bytes.ts';
import { hashedRekordRequest } from '../build/request-forms.ts';
import { acceptedDigest, type SignedDigest, signedDigest } from '../build/signed-digest.ts';
import type { FixtureName } from '../gen/fixtures.ts';
import { type RequestRow, refused } from '../request-row.ts';
import type { SignatureSupply } from './signature-supply.ts';

const P256_PREFIX = decodeHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');
const EC_ALGORITHM = decodeHex('301306072a8648ce3d020106082a8648ce3d030107');
const RSA_ALGORITHM = decodeHex('300d06092a864886f70d0101010500');
const ZERO = Uint8Array.of(0);
const NULL = decodeHex('0500');

const sequence = (...content: Uint8Array[]) => derElement(Tag.sequence, ...content);
const bits = (...content: Uint8Array[]) => derElement(Tag.bitString, ZERO, ...content);
const p256Point = () => spkiOf('p256').subarray(26);
const rsaModulus = () => derUnsigned(spkiOf('rsa2048').subarray(33, 33 + 256));

/** Keys in DER that Go's parser takes although it is not what an encoder writes. */
export function looseKeyRows(supply: SignatureSupply): RequestRow[] {
  const point = bits(p256Point());
  const taken = (name: string, publicKey: Uint8Array) => {
    const { digest, content } = supply.key();
    const parts = {
      digest,
      content,
      verifier: { publicKey, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
    } satisfies SignedDigest;
    return acceptedDigest(`key: ${name}`, parts);
  };
  return [
    taken('an element behind the bits', sequence(EC_ALGORITHM, point, NULL)),
    taken('a byte behind the bits', sequence(EC_ALGORITHM, point, ZERO)),
    taken('an element behind the curve', sequence(sequence(EC_ALGORITHM.subarray(2), NULL), point)),
    taken('bits that end three bits early', sequence(EC_ALGORITHM, shiftedBits(p256Point(), 3))),
  ];
}

/** The same number, as bits that leave the lowest `shift` of the last byte unused. */
function shiftedBits(bytes: Uint8Array, shift: number): Uint8Array {
  const shifted = bytes.map((byte, i) => (byte << shift) | ((bytes[i + 1] ?? 0) >> (8 - shift)));
  return derElement(Tag.bitString, Uint8Array.of(shift), shifted);
}

/** Public keys that cannot be parsed. */
export function badKeyRows(): RequestRow[] {
  return [...badEnvelopes(), ...badPoints(), ...badRsaKeys()].map(([name, publicKey]) => keyRow(name, publicKey));
}

function keyRow(name: string, publicKey: Uint8Array): RequestRow {
  const parts = signedDigest('p256', 0);
  const request = hashedRekordRequest({ ...parts, verifier: { ...parts.verifier, publicKey } });
  return refused(`key: ${name}`, request, 'malformed-key');
}

type NamedKey = readonly [name: string, publicKey: Uint8Array];

function badEnvelopes(): NamedKey[] {
  const good = spkiOf('p256');
  const point = bits(p256Point());
  const pem = `-----BEGIN PUBLIC KEY-----\n${encodeBase64(good)}\n-----END PUBLIC KEY-----\n`;
  return [
    ['one byte', ZERO],
    ['random text', encodeUtf8('not a key')],
    ['PEM', encodeUtf8(pem)],
    ['the raw point', p256Point()],
    ['cut short', good.subarray(0, -1)],
    ['a byte behind', concatBytes(good, ZERO)],
    ['twice', concatBytes(good, good)],
    ['length in long form', concatBytes(Uint8Array.of(0x30, 0x81, 0x59), good.subarray(2))],
    ['indefinite length', concatBytes(Uint8Array.of(0x30, 0x80), good.subarray(2), ZERO, ZERO)],
    ['a set for the sequence', concatBytes(Uint8Array.of(0x31), good.subarray(1))],
    ['no bits', sequence(EC_ALGORITHM)],
    ['empty bits', sequence(EC_ALGORITHM, derElement(Tag.bitString))],
    ['nine unused bits', sequence(EC_ALGORITHM, derElement(Tag.bitString, Uint8Array.of(9), p256Point()))],
    [
      'unused bits that are set',
      sequence(EC_ALGORITHM, derElement(Tag.bitString, Uint8Array.of(7), p256Point().fill(1, 64))),
    ],
    ['an octet string for the bits', sequence(EC_ALGORITHM, derElement(Tag.octetString, ZERO, p256Point()))],
    ['an unknown algorithm', sequence(sequence(derElement(Tag.oid, decodeHex('2a0304'))), point)],
    ['an algorithm whose arc is not minimal', sequence(sequence(derElement(Tag.oid, decodeHex('2a8001'))), point)],
    ['a certificate', sequence(sequence(ZERO), EC_ALGORITHM, bits())],
    ['Ed25519 with NULL parameters', sequence(sequence(decodeHex('06032b6570'), NULL), bits(new Uint8Array(32)))],
    ['Ed25519 of 31 bytes', sequence(sequence(decodeHex('06032b6570')), bits(new Uint8Array(31)))],
    ['Ed25519 of 33 bytes', sequence(sequence(decodeHex('06032b6570')), bits(new Uint8Array(33)))],
    ['Ed448', spkiOf('ed448')],
  ];
}

function badPoints(): NamedKey[] {
  const point = p256Point();
  const x = point.subarray(1, 33);
  const isOdd = (point[64] ?? 0) % 2;
  const changed = point.map((byte, i) => (i === 64 ? byte ^ 1 : byte));
  const withPoint = (encoded: Uint8Array) => sequence(EC_ALGORITHM, bits(encoded));
  const prime = decodeHex('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff');
  return [
    ['a compressed point', withPoint(concatBytes(Uint8Array.of(2 + isOdd), x))],
    ['a hybrid point', withPoint(concatBytes(Uint8Array.of(6 + isOdd), point.subarray(1)))],
    ['the point at infinity', withPoint(ZERO)],
    ['a point not on the curve', withPoint(changed)],
    ['a point of zeros', withPoint(concatBytes(Uint8Array.of(4), new Uint8Array(64)))],
    ['a coordinate equal to the prime', withPoint(concatBytes(Uint8Array.of(4), prime, point.subarray(33)))],
    ['a point one byte short', withPoint(point.subarray(0, -1))],
    ['a point one byte long', withPoint(concatBytes(point, ZERO))],
    ['a P-256 point on P-384', concatBytes(decodeHex('3056301006072a8648ce3d020106052b81040022034200'), point)],
    ['secp256k1', spkiOf('secp256k1')],
    ['curve parameters in full', spkiOf('p256Explicit')],
    ['no curve', sequence(sequence(decodeHex('06072a8648ce3d0201')), bits(point))],
    ['NULL for the curve', sequence(sequence(decodeHex('06072a8648ce3d0201'), NULL), bits(point))],
    ['nothing but the prefix', P256_PREFIX],
  ];
}

function badRsaKeys(): NamedKey[] {
  const modulus = rsaModulus();
  const exponent = derUnsigned(decodeHex('010001'));
  const withKey = (...numbers: Uint8Array[]) => sequence(RSA_ALGORITHM, bits(sequence(...numbers)));
  const digits = modulus.subarray(5);
  return [
    ['PKCS#1', sequence(modulus, exponent)],
    ['RSA without NULL', sequence(sequence(RSA_ALGORITHM.subarray(2, 13)), bits(sequence(modulus, exponent)))],
    [
      'RSA with an empty sequence for NULL',
      sequence(sequence(RSA_ALGORITHM.subarray(2, 13), sequence()), bits(sequence(modulus, exponent))),
    ],
    ['RSA without exponent', withKey(modulus)],
    ['RSA, modulus zero', withKey(derUnsigned(ZERO), exponent)],
    ['RSA, modulus negative', withKey(derElement(Tag.integer, digits), exponent)],
    ['RSA, modulus not minimal', withKey(derElement(Tag.integer, ZERO, ZERO, digits), exponent)],
    ['RSA, exponent zero', withKey(modulus, derUnsigned(ZERO))],
    ['RSA, exponent negative', withKey(modulus, derElement(Tag.integer, Uint8Array.of(0xff)))],
    ['RSA, exponent of 72 bits', withKey(modulus, derUnsigned(new Uint8Array(9).fill(1)))],
  ];
}

/** Keys that parse, and that no entry can be signed with; and keys with a hash that is not theirs. */
export function unsupportedKeyRows(): RequestRow[] {
  const unsupported = (name: string, parts: SignedDigest) =>
    refused(`unsupported: ${name}`, hashedRekordRequest(parts), 'unsupported-algorithm');
  const withDetails = (name: FixtureName, keyDetails: SignedDigest['verifier']['keyDetails']) => {
    const parts = signedDigest(name, 0);
    return { ...parts, verifier: { ...parts.verifier, keyDetails: keyDetails ?? 0 } };
  };
  return [
    unsupported('no key details', withDetails('p256', 0)),
    unsupported('key details of no meaning', withDetails('p256', 99)),
    unsupported('negative key details', withDetails('p256', -1)),
    unsupported('PKIX_ECDSA_P256_HMAC_SHA_256', withDetails('p256', 'PKIX_ECDSA_P256_HMAC_SHA_256')),
    unsupported('PKCS1_RSA_PKCS1V5', withDetails('rsa2048', 'PKCS1_RSA_PKCS1V5')),
    unsupported('PKIX_RSA_PSS', withDetails('rsa2048', 'PKIX_RSA_PSS')),
    unsupported('ML_DSA_44', withDetails('p256', 'ML_DSA_44')),
    unsupported('ML_DSA_65', withDetails('p256', 'ML_DSA_65')),
    unsupported('LMS_SHA256', withDetails('p256', 'LMS_SHA256')),
    unsupported('P-256 with SHA-384', withDetails('p256', 'PKIX_ECDSA_P384_SHA_384')),
    unsupported('P-256 with SHA-512', withDetails('p256', 'PKIX_ECDSA_P521_SHA_512')),
    unsupported('P-256 as Ed25519', withDetails('p256', 'PKIX_ED25519')),
    unsupported('P-384 with SHA-256', signedDigest('p384Sha256', 0)),
    unsupported('P-384 with SHA-512', withDetails('p384', 'PKIX_ED25519_PH')),
    unsupported('P-521 with SHA-256', signedDigest('p521Sha256', 0)),
    unsupported('RSA with SHA-512', withDetails('rsa2048Sha512', 'PKIX_ECDSA_P521_SHA_512')),
    unsupported('Ed25519 with SHA-256', withDetails('ed25519ph', 'PKIX_ECDSA_P256_SHA_256')),
    unsupported('pure Ed25519', withDetails('ed25519ph', 'PKIX_ED25519')),
    unsupported('P-224', signedDigest('p224', 0)),
    unsupported('RSA of 1,024 bits', signedDigest('rsa1024', 0)),
    unsupported('RSA of 2,040 bits', signedDigest('rsa2040', 0)),
    unsupported('RSA of 2,056 bits', signedDigest('rsa2056', 0)),
    ...(['x25519', 'dsa'] as const).map((name) => {
      const parts = signedDigest('p256', 0);
      const verifier = { ...parts.verifier, publicKey: spkiOf(name) };
      return unsupported(name, { ...parts, verifier });
    }),
    ...evenRsaRows(),
  ];
}

// They parse and have a fitting size; the computation refuses them.
function evenRsaRows(): RequestRow[] {
  const { digest, content } = signedDigest('rsa2048', 0);
  const even = rsaModulus().map((byte, i, all) => (i === all.length - 1 ? byte & 0xfe : byte));
  const keys: NamedKey[] = [
    ['modulus even', sequence(RSA_ALGORITHM, bits(sequence(even, derUnsigned(decodeHex('010001')))))],
    ...['01', '02', '010000', '80000001', '0100000001'].map((exponent): NamedKey => {
      const number = derUnsigned(decodeHex(exponent));
      return [`exponent 0x${exponent}`, sequence(RSA_ALGORITHM, bits(sequence(rsaModulus(), number)))];
    }),
  ];
  return keys.map(([name, publicKey]) => {
    const verifier = { publicKey, keyDetails: 'PKIX_RSA_PKCS1V15_2048_SHA256' } as const;
    return refused(`RSA key: ${name}`, hashedRekordRequest({ digest, content, verifier }), 'bad-signature');
  });
}
