import { createPrivateKey, type KeyObject } from 'node:crypto';
import { concatBytes, decodeHex } from '@tilewright/core/bytes';
import { SignerError } from '../signer-error.ts';
import { formatPem } from './format-pem.ts';

const SEED_SIZE = 32;

/** A PKCS#8 key that is a seed, before the seed (RFC 8410, section 7; RFC 9881, section 6). */
const SEED_HEADS = {
  ed25519: decodeHex('302e020100300506032b657004220420'),
  'ml-dsa-44': decodeHex('3034020100300b060960864801650304031104228020'),
} as const;

/**
 * The private key of a seed: what Go's `PRIVATE+KEY+…` holds for Ed25519, and FIPS 204's short form for ML-DSA-44.
 * @throws SignerError `malformed` for a seed that has not 32 bytes
 */
export function privateKeyFromSeed(kind: 'ed25519' | 'ml-dsa-44', seed: Uint8Array): KeyObject {
  if (seed.length !== SEED_SIZE) throw new SignerError('malformed', `a seed has ${SEED_SIZE} bytes`);
  return createPrivateKey(formatPem('PRIVATE KEY', concatBytes(SEED_HEADS[kind], seed)));
}
