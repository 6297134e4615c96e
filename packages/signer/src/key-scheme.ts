import { createPublicKey, type KeyObject } from 'node:crypto';
import { concatBytes, decodeBase64, decodeHex } from '@tilewright/core/bytes';
import { KEY_TYPE } from '@tilewright/core/note';
import { SignerError } from './signer-error.ts';

/** Types of note keys that logs sign with. */
export type NoteKeyType = typeof KEY_TYPE.ed25519 | typeof KEY_TYPE.ecdsa;

/** How a kind of log key signs notes and what the rest of the Sigstore world calls it. */
export interface KeyScheme {
  readonly noteType: NoteKeyType;
  /** Name in the protobuf enum `PublicKeyDetails`. */
  readonly keyDetails: string;
  /** Digest for node:crypto; `null` is pure Ed25519 (rekor-tiles signs with the hash that belongs to the curve). */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null;
  /** Bytes of the SubjectPublicKeyInfo before the 32-byte key or the uncompressed point (RFC 5480, RFC 8410). */
  readonly spkiPrefix: Uint8Array<ArrayBuffer>;
  /** Bytes of the raw key or of each coordinate. */
  readonly width: number;
}

/** Ed25519, the kind of key that every public Rekor v2 log uses. */
export const ED25519: KeyScheme = {
  noteType: KEY_TYPE.ed25519,
  keyDetails: 'PKIX_ED25519',
  digest: null,
  spkiPrefix: decodeHex('302a300506032b6570032100'),
  width: 32,
};

const BY_CURVE: Readonly<Record<string, KeyScheme>> = {
  prime256v1: {
    noteType: KEY_TYPE.ecdsa,
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    digest: 'sha256',
    spkiPrefix: decodeHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004'),
    width: 32,
  },
  secp384r1: {
    noteType: KEY_TYPE.ecdsa,
    keyDetails: 'PKIX_ECDSA_P384_SHA_384',
    digest: 'sha384',
    spkiPrefix: decodeHex('3076301006072a8648ce3d020106052b8104002203620004'),
    width: 48,
  },
  secp521r1: {
    noteType: KEY_TYPE.ecdsa,
    keyDetails: 'PKIX_ECDSA_P521_SHA_512',
    digest: 'sha512',
    spkiPrefix: decodeHex('30819b301006072a8648ce3d020106052b810400230381860004'),
    width: 66,
  },
};

/**
 * The scheme of a public or private key.
 * @throws SignerError `unsupported-key` for anything but Ed25519 and ECDSA P-256, P-384, P-521; the message names the kind
 */
export function schemeOf(key: KeyObject): KeyScheme {
  if (key.asymmetricKeyType === 'ed25519') return ED25519;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const scheme = key.asymmetricKeyType === 'ec' && curve !== undefined ? BY_CURVE[curve] : undefined;
  if (scheme !== undefined) return scheme;
  throw new SignerError(
    'unsupported-key',
    `${describe(key)} keys cannot sign checkpoints here; use Ed25519 (openssl genpkey -algorithm ed25519) ` +
      'or ECDSA on P-256, P-384 or P-521 (openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)',
  );
}

/**
 * The one SubjectPublicKeyInfo spelling of a key: named curve, uncompressed point. The log id is a hash of it, so
 * OpenSSL's export, which keeps a compressed point compressed, cannot be used.
 */
export function canonicalSpki(key: KeyObject, scheme: KeyScheme): Uint8Array<ArrayBuffer> {
  const jwk = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  const x = coordinate(jwk.x, scheme.width);
  return scheme.noteType === KEY_TYPE.ed25519
    ? concatBytes(scheme.spkiPrefix, x)
    : concatBytes(scheme.spkiPrefix, x, coordinate(jwk.y, scheme.width));
}

/** What the note signature's type byte is followed by in a vkey: the raw Ed25519 key, or the SPKI for ECDSA. */
export function noteKeyMaterial(spki: Uint8Array, scheme: KeyScheme): Uint8Array {
  return scheme.noteType === KEY_TYPE.ed25519 ? spki.subarray(scheme.spkiPrefix.length) : spki;
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

function describe(key: KeyObject): string {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ec') return `ECDSA ${curve ?? 'explicit-parameter'}`;
  return (key.asymmetricKeyType ?? key.type).toUpperCase();
}
