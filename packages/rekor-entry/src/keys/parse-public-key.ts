import { decodeHex, equalBytes } from '@tilewright/core/bytes';
import { DerReader, malformed, Tag } from '../der/der-reader.ts';
import { isNegative, readBitString, readInteger, readOid, rightAligned } from '../der/der-values.ts';
import { EntryError } from '../entry-error.ts';
import { curveOfOid, isPointOn } from './curves.ts';
import { ecdsaSpki, ed25519Spki, rsaSpki } from './encode-spki.ts';
import type { OtherPublicKey, PublicKeyInfo } from './public-key.ts';

// Content octets of the object identifiers of RFC 3279, RFC 5480 and RFC 8410.
const RSA_OID = decodeHex('2a864886f70d010101');
const EC_OID = decodeHex('2a8648ce3d0201');
const ED25519_OID = decodeHex('2b6570');
const X25519_OID = decodeHex('2b656e');
const DSA_OID = decodeHex('2a8648ce380401');
const NULL = Uint8Array.of(0x05, 0x00);
// Go reads it into an int64.
const MAX_EXPONENT_OCTETS = 8;

/**
 * The key in a SubjectPublicKeyInfo in DER, nothing after it (RFC 5280, 4.1.2.7). Accepts what Go's
 * x509.ParsePKIXPublicKey accepts: no PEM, no PKCS#1, no compressed points; but what the sequences hold beyond their
 * known elements is ignored.
 *
 * @throws EntryError `malformed-key`
 */
export function parsePublicKey(der: Uint8Array): PublicKeyInfo | OtherPublicKey {
  const source = new DerReader(der);
  const spki = source.read(Tag.sequence, 'public key: not a SubjectPublicKeyInfo in DER');
  if (!source.empty) throw new EntryError('malformed-key', 'trailing data after ASN.1 of public-key');
  const key = parseSpkiContent(spki);
  if (key === undefined) throw new EntryError('malformed-key', 'unknown public key algorithm');
  return key;
}

/**
 * The key in the content of a SubjectPublicKeyInfo; undefined when its algorithm is not one that Go knows.
 *
 * @throws EntryError `malformed-key`
 */
export function parseSpkiContent(spki: DerReader): PublicKeyInfo | OtherPublicKey | undefined {
  const algorithm = spki.read(Tag.sequence, 'public key algorithm');
  const oid = readOid(algorithm, 'public key algorithm');
  const parametersStart = algorithm.at;
  if (!algorithm.empty) algorithm.any('public key parameters');
  const parameters = algorithm.bytes.subarray(parametersStart, algorithm.at);
  const bits = readBitString(spki, 'public key bits');
  const data = rightAligned(bits);
  if (equalBytes(oid, EC_OID)) return ecKey(parameters, data);
  if (equalBytes(oid, RSA_OID)) return rsaKey(parameters, data);
  if (equalBytes(oid, ED25519_OID)) return ed25519Key(parameters, data);
  if (equalBytes(oid, X25519_OID)) return x25519Key(parameters, data);
  if (equalBytes(oid, DSA_OID)) return dsaKey(parameters, data);
  return undefined;
}

function ecKey(parameters: Uint8Array, point: Uint8Array): PublicKeyInfo | OtherPublicKey {
  const curve = curveOfOid(readOid(new DerReader(parameters), 'ECDSA parameters'));
  if (curve === undefined) throw new EntryError('malformed-key', 'unsupported elliptic curve');
  const { name } = curve;
  if (!isPointOn(curve, point)) throw new EntryError('malformed-key', `not an uncompressed point on ${name}`);
  if (name === 'P-224') return { kind: 'other', name: 'ECDSA key, curve P-224' };
  return { kind: 'ecdsa', curve: name, point, spki: ecdsaSpki(name, point) };
}

function rsaKey(parameters: Uint8Array, data: Uint8Array): PublicKeyInfo {
  // RFC 3279, 2.3.1: the parameters are NULL, not absent.
  if (!equalBytes(parameters, NULL)) throw new EntryError('malformed-key', 'RSA key missing NULL parameters');
  const sequence = new DerReader(data).read(Tag.sequence, 'RSA public key');
  const modulus = positive(sequence, 'RSA modulus');
  const exponent = positive(sequence, 'RSA public exponent', MAX_EXPONENT_OCTETS);
  return { kind: 'rsa', bits: modulus.length * 8, modulus, exponent, spki: rsaSpki(modulus, exponent) };
}

function ed25519Key(parameters: Uint8Array, raw: Uint8Array): PublicKeyInfo {
  checkRaw32('Ed25519', parameters, raw);
  return { kind: 'ed25519', raw, spki: ed25519Spki(raw) };
}

function x25519Key(parameters: Uint8Array, raw: Uint8Array): OtherPublicKey {
  checkRaw32('X25519', parameters, raw);
  return { kind: 'other', name: 'X25519 key' };
}

function checkRaw32(name: string, parameters: Uint8Array, raw: Uint8Array): void {
  // RFC 8410, 3: the parameters are absent.
  if (parameters.length !== 0) throw new EntryError('malformed-key', `${name} key encoded with illegal parameters`);
  if (raw.length !== 32) throw new EntryError('malformed-key', `wrong ${name} public key size`);
}

function dsaKey(parameters: Uint8Array, data: Uint8Array): OtherPublicKey {
  positive(new DerReader(data), 'DSA public key');
  const sequence = new DerReader(parameters).read(Tag.sequence, 'DSA parameters');
  for (const name of ['p', 'q', 'g']) positive(sequence, `DSA parameter ${name}`);
  return { kind: 'other', name: 'DSA key' };
}

/** Reads an INTEGER above zero; its magnitude without leading zeros. */
function positive(source: DerReader, what: string, maxOctets = Number.POSITIVE_INFINITY): Uint8Array {
  const integer = readInteger(source, what);
  if (integer.length > maxOctets) throw malformed(what);
  const magnitude = integer[0] === 0 ? integer.subarray(1) : integer;
  if (isNegative(integer) || magnitude.length === 0) {
    throw new EntryError('malformed-key', `${what} is not a positive number`);
  }
  return magnitude;
}
