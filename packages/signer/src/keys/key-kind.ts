import type { KeyObject } from 'node:crypto';
import { SignerError } from '../signer-error.ts';

/** Kinds of keys that sign or cosign notes. */
export type KeyKind = 'ed25519' | 'P-256' | 'P-384' | 'P-521' | 'rsa' | 'ml-dsa-44';

const CURVES: Readonly<Record<string, KeyKind>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

const MIN_RSA_BITS = 2048;
const MAX_RSA_BITS = 4096;
const MAX_RSA_EXPONENT = 2n ** 31n - 1n;

/** The kind of a public or private key; `undefined` for kinds, curves and RSA sizes that notes are not signed with. */
export function kindOf(key: KeyObject): KeyKind | undefined {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  if (type === 'ec') return CURVES[namedCurve ?? ''];
  if (type === 'ed25519' || type === 'ml-dsa-44') return type;
  const isRsa =
    type === 'rsa' &&
    modulusLength >= MIN_RSA_BITS &&
    modulusLength <= MAX_RSA_BITS &&
    publicExponent >= 3n &&
    publicExponent <= MAX_RSA_EXPONENT &&
    publicExponent % 2n === 1n;
  return isRsa ? 'rsa' : undefined;
}

/** The kind of a key that must be one of `allowed`. @throws SignerError `unsupported-key` */
export function requireKind(key: KeyObject, allowed: readonly KeyKind[], use: string): KeyKind {
  const kind = kindOf(key);
  if (kind !== undefined && allowed.includes(kind)) return kind;
  throw new SignerError('unsupported-key', `${describeKey(key)} keys do not ${use}; needed: ${allowed.join(', ')}`);
}

/** The kind in words, for messages. */
export function describeKey(key: KeyObject): string {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec') return `ECDSA ${namedCurve ?? 'explicit-parameter'}`;
  if (key.asymmetricKeyType === 'rsa') return `${modulusLength}-bit RSA`;
  return (key.asymmetricKeyType ?? key.type).toUpperCase();
}
