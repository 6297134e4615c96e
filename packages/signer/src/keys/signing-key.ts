import { createPublicKey, type KeyObject } from 'node:crypto';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { SignerError } from '../signer-error.ts';
import { describeKey, type KeyKind, kindOf } from './key-kind.ts';
import { signWith, verifyWith } from './raw-signatures.ts';

/**
 * A private key that signs raw messages, wherever it is kept. Signatures are those that {@link verifyWith} checks: pure
 * Ed25519 and ML-DSA-44, ECDSA in DER with the hash of the curve, RSA PKCS #1 v1.5 with SHA-256.
 */
export interface SigningKey {
  readonly publicKey: KeyObject;
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Lets go of what reaches the key; it does not sign afterwards. Absent where there is nothing to let go of. */
  close?(): Promise<void>;
}

const PROBE = encodeUtf8('tilewright key check\n');
const DISAGREES = 'the public key does not belong to the private key';

/**
 * A key that is in memory, with the digest of its kind.
 * @throws SignerError `unsupported-key`, `malformed`; `key-mismatch` when its halves do not belong together, which OpenSSL does not
 *   look at for ECDSA
 */
export function localSigningKey(privateKey: KeyObject): SigningKey {
  const publicKey = publicHalf(privateKey);
  const sign = signWith(privateKey, requireSigningKind(publicKey));
  return { publicKey, sign: async (message) => sign(message) };
}

/**
 * The public half of a private key. One that notes can be signed with signs and verifies once, because OpenSSL reads an
 * ECDSA key whose public half belongs to another private half.
 * @throws SignerError `key-mismatch` when the halves do not belong together; `malformed` when OpenSSL cannot sign with it
 */
export function publicHalf(privateKey: KeyObject): KeyObject {
  const kind = kindOf(privateKey);
  let publicKey: KeyObject;
  let agrees: boolean;
  try {
    publicKey = createPublicKey(privateKey);
    agrees = kind === undefined || verifyWith(publicKey, kind)(PROBE, signWith(privateKey, kind)(PROBE));
  } catch (cause) {
    throw new SignerError('malformed', 'OpenSSL cannot sign with this key; make the file again', { cause });
  }
  if (agrees) return publicKey;
  throw new SignerError('key-mismatch', `${DISAGREES} in the file; make the file again`);
}

/**
 * Has a key sign once, and checks that with its public half: the two may come from different places.
 * @param where what is said of the place, for example `in the keyset`
 * @throws SignerError `key-mismatch`, `unsupported-key`, and what the key throws
 */
export async function requireKeyAgrees(key: SigningKey, where: string): Promise<void> {
  const verify = verifyWith(key.publicKey, requireSigningKind(key.publicKey));
  if (verify(PROBE, await key.sign(PROBE))) return;
  throw new SignerError(
    'key-mismatch',
    `${DISAGREES} ${where}: what it signs does not verify; check which key is named`,
  );
}

function requireSigningKind(publicKey: KeyObject): KeyKind {
  const kind = kindOf(publicKey);
  if (kind !== undefined) return kind;
  throw new SignerError('unsupported-key', `${describeKey(publicKey)} keys do not sign notes`);
}
