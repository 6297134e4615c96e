import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { concatBytes, decodeHex, decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { kindOf } from '../keys/key-kind.ts';
import { formatPem, keyFileText, type PemBlock, pemBlocks, pemDer } from './pem.ts';
import { signWith, verifyWith } from '../keys/raw-signatures.ts';
import { refuseBlock, refuseText } from './refuse-key-file.ts';
import { SignerError } from '../signer-error.ts';

const PROBE = encodeUtf8('tilewright key check\n');
const SEED_SIZE = 32;

/** A PKCS#8 key that is a seed, before the seed (RFC 8410, section 7; RFC 9881, section 6). */
const SEED_HEADS = {
  ed25519: decodeHex('302e020100300506032b657004220420'),
  'ml-dsa-44': decodeHex('3034020100300b060960864801650304031104228020'),
} as const;

/**
 * Reads a private key from the text of a PEM file: one PKCS#8 block, plain (`PRIVATE KEY`) or encrypted (`ENCRYPTED
 * PRIVATE KEY`). Files of other forms are refused by the name of their form; what the key may be used for is for its
 * reader to say.
 *
 * @param password of an encrypted key, without a final newline; empty counts as none, and a plain key ignores it, as
 *   rekor-tiles does
 * @throws SignerError `malformed`, `unsupported-key`, `encrypted`
 */
export function readPrivateKeyFile(pem: string | Uint8Array, password?: Uint8Array): KeyObject {
  const text = keyFileText(pem);
  const [block, second] = pemBlocks(text);
  if (block === undefined) return refuseText(text);
  const isPkcs8 = block.label === 'PRIVATE KEY' || block.label === 'ENCRYPTED PRIVATE KEY';
  if (!isPkcs8 || block.hasHeaders) return refuseBlock(block);
  if (second !== undefined) {
    throw new SignerError('malformed', 'the key file holds more than one PEM block; leave only the private key in it');
  }
  return block.label === 'PRIVATE KEY' ? readPlain(block) : readEncrypted(block, password);
}

/**
 * The private key of a seed: what Go's `PRIVATE+KEY+…` holds for Ed25519, and FIPS 204's short form for ML-DSA-44.
 * @throws SignerError `malformed` for a seed that has not 32 bytes
 */
export function privateKeyFromSeed(kind: 'ed25519' | 'ml-dsa-44', seed: Uint8Array): KeyObject {
  if (seed.length !== SEED_SIZE) throw new SignerError('malformed', `a seed has ${SEED_SIZE} bytes`);
  return createPrivateKey(formatPem('PRIVATE KEY', concatBytes(SEED_HEADS[kind], seed)));
}

/**
 * The public half of a private key that signs and verifies once, because OpenSSL reads an ECDSA key whose public half
 * belongs to another private half.
 * @throws SignerError `malformed` when the halves do not belong together
 */
export function publicHalf(privateKey: KeyObject): KeyObject {
  const publicKey = createPublicKey(privateKey);
  const kind = kindOf(privateKey);
  if (kind === undefined || verifyWith(publicKey, kind)(PROBE, signWith(privateKey, kind)(PROBE))) return publicKey;
  throw new SignerError('malformed', "the key's public half does not belong to its private half; make the file again");
}

function readPlain(block: PemBlock): KeyObject {
  try {
    return createPrivateKey(formatPem(block.label, pemDer(block)));
  } catch (cause) {
    if (cause instanceof SignerError) throw cause;
    throw new SignerError('malformed', 'the PEM block "PRIVATE KEY" is not a PKCS#8 key that OpenSSL can read', {
      cause,
    });
  }
}

function readEncrypted(block: PemBlock, password: Uint8Array | undefined): KeyObject {
  const decrypt = 'or decrypt it with: openssl pkcs8 -in <file> -out <new file>';
  if (password === undefined || password.length === 0) {
    throw new SignerError('encrypted', `the key file is encrypted (PKCS#8); give its password, ${decrypt}`);
  }
  try {
    return createPrivateKey({ key: formatPem(block.label, pemDer(block)), passphrase: decodeUtf8(password) });
  } catch (cause) {
    if (cause instanceof SignerError) throw cause;
    throw new SignerError('encrypted', `the key file cannot be decrypted with this password; check it, ${decrypt}`, {
      cause,
    });
  }
}
