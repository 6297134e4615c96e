import { createPublicKey, type KeyObject } from 'node:crypto';
import { concatBytes, decodeBase64, decodeHex, equalBytes } from '@tilewright/core/bytes';
import { checkEd25519Key } from '@tilewright/core/note';
import { inSignerTerms, SignerError } from '../signer-error.ts';
import { requireOneSequence } from './der.ts';
import { formatPem } from './format-pem.ts';
import { describeKey, type KeyKind, kindOf } from './key-kind.ts';

/**
 * Bytes of a SubjectPublicKeyInfo before the raw key, or before the two coordinates of an uncompressed point (RFC 5480,
 * RFC 8410, RFC 9881); RSA keys have no fixed head.
 */
const HEADS: Readonly<Record<Exclude<KeyKind, 'rsa'>, Uint8Array<ArrayBuffer>>> = {
  ed25519: decodeHex('302a300506032b6570032100'),
  'P-256': decodeHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004'),
  'P-384': decodeHex('3076301006072a8648ce3d020106052b8104002203620004'),
  'P-521': decodeHex('30819b301006072a8648ce3d020106052b810400230381860004'),
  'ml-dsa-44': decodeHex('30820532300b06096086480165030403110382052100'),
};

const WIDTHS = { 'P-256': 32, 'P-384': 48, 'P-521': 66 } as const;

/** A public key, its kind and the one SubjectPublicKeyInfo that writes it. */
export interface PublicKey {
  readonly key: KeyObject;
  readonly kind: KeyKind;
  readonly spki: Uint8Array<ArrayBuffer>;
}

/**
 * The parts of a public `KeyObject`.
 * @throws SignerError `unsupported-key`, `malformed` for an Ed25519 key that anyone can sign for
 */
export function publicKeyOf(key: KeyObject): PublicKey {
  const kind = kindOf(key);
  if (kind === undefined) {
    throw new SignerError('unsupported-key', `${describeKey(key)} keys are not keys of notes`);
  }
  const spki = canonicalSpki(key, kind);
  if (kind === 'ed25519') inSignerTerms(() => checkEd25519Key(rawKey(spki, kind)));
  return { key, kind, spki };
}

/**
 * Reads a SubjectPublicKeyInfo in DER, in its one canonical form: named curve, uncompressed point.
 * @throws SignerError `unsupported-key`, `malformed`
 */
export function readSpki(spki: Uint8Array): PublicKey {
  requireOneSequence(spki, 'the public key');
  let key: KeyObject;
  try {
    key = createPublicKey(formatPem('PUBLIC KEY', spki));
  } catch (cause) {
    throw new SignerError('malformed', 'the public key is not a SubjectPublicKeyInfo that OpenSSL can read', { cause });
  }
  const read = publicKeyOf(key);
  if (equalBytes(read.spki, spki)) return read;
  throw new SignerError(
    'malformed',
    'the public key is not in its canonical form (named curve, uncompressed point), so its log id would differ',
  );
}

/** Reads the raw public key of an algorithm that has one. @throws SignerError `malformed` */
export function readRawKey(kind: 'ed25519' | 'ml-dsa-44', raw: Uint8Array): PublicKey {
  return readSpki(concatBytes(HEADS[kind], raw));
}

/** The raw key at the end of a SubjectPublicKeyInfo. */
export function rawKey(spki: Uint8Array, kind: 'ed25519' | 'ml-dsa-44'): Uint8Array {
  return spki.subarray(HEADS[kind].length);
}

// The log id is a hash of the bytes, so OpenSSL's export, which keeps a compressed point compressed, cannot be used.
function canonicalSpki(key: KeyObject, kind: KeyKind): Uint8Array<ArrayBuffer> {
  if (kind === 'P-256' || kind === 'P-384' || kind === 'P-521') {
    const { x, y } = key.export({ format: 'jwk' });
    return concatBytes(HEADS[kind], coordinate(x, WIDTHS[kind]), coordinate(y, WIDTHS[kind]));
  }
  return Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
}

function coordinate(base64url: string | undefined, width: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(width);
  const base64 = (base64url ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const value = decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='));
  if (value.length === 0 || value.length > width)
    throw new SignerError('malformed', 'the key has no usable public half');
  bytes.set(value, width - value.length);
  return bytes;
}
