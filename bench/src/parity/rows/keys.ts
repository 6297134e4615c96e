import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { EntrySpec } from './entry-spec.ts';
import { KEY_DETAILS } from './entry-spec.ts';

/** A key pair with its SubjectPublicKeyInfo, DER. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly spki: Buffer;
}

/** Makes a key pair on a named curve. */
export function ecKey(namedCurve: string): KeyPair {
  return withSpki(generateKeyPairSync('ec', { namedCurve }));
}

/** Makes an RSA key pair, public exponent 65537. */
export function rsaKey(modulusLength: number): KeyPair {
  return withSpki(generateKeyPairSync('rsa', { modulusLength }));
}

/** Makes an Ed25519 key pair. */
export function ed25519Key(): KeyPair {
  return withSpki(generateKeyPairSync('ed25519'));
}

/** A valid request: `message` signed with `hash` by `key`, its public key inside. */
export function signedSpec(key: KeyPair, hash: string, keyDetails: number, message: string): EntrySpec {
  const data = Buffer.from(message);
  return {
    digest: createHash(hash).update(data).digest(),
    signature: sign(hash, data, key.privateKey),
    publicKey: key.spki,
    keyDetails,
  };
}

/** The valid request that most rows start from: P-256 with SHA-256. */
export function p256Spec(message: string, key: KeyPair = ecKey('P-256')): EntrySpec {
  return signedSpec(key, 'sha256', KEY_DETAILS.PKIX_ECDSA_P256_SHA_256, message);
}

/** RFC 8032 section 7.3: the one Ed25519ph vector, over "abc". node:crypto cannot sign Ed25519ph. */
export function ed25519phSpec(): EntrySpec {
  const raw = 'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf';
  const signature =
    '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41' +
    '31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406';
  return {
    digest: createHash('sha512').update('abc').digest(),
    signature: Buffer.from(signature, 'hex'),
    publicKey: Buffer.from(`302a300506032b6570032100${raw}`, 'hex'),
    keyDetails: KEY_DETAILS.PKIX_ED25519_PH,
  };
}

function withSpki(pair: { privateKey: KeyObject; publicKey: KeyObject }): KeyPair {
  return { ...pair, spki: pair.publicKey.export({ type: 'spki', format: 'der' }) };
}
