import { scryptSync } from 'node:crypto';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { decodeBase64, decodeUtf8 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { SignerError } from '../../signer-error.ts';
import { requireScryptCost, type ScryptCost } from './kdf-cost.ts';

/** What the JSON of such a file says, with its byte fields decoded. */
interface EncryptedBox {
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const KEY_SIZE = 32;
const NONCE_SIZE = 24;
const TAG_SIZE = 16;
/** The strongest setting in use takes 128 MiB. */
const MAX_SCRYPT_BYTES = 2 ** 28;

/**
 * The plaintext of what cosign and the other programs of Sigstore encrypt private keys with: JSON that names scrypt and
 * NaCl's secretbox (XSalsa20 and Poly1305), the form of go-securesystemslib's package `encrypted`.
 *
 * @param json UTF-8
 * @param password may be empty: cosign makes such files when it is given no password
 * @throws SignerError `wrong-password`, `unsupported-key` for other algorithms or more work than is done for a file,
 *   `malformed`
 */
export function decryptSigstore(json: Uint8Array, password: Uint8Array): Uint8Array {
  const { cost, salt, nonce, ciphertext } = parseBox(json);
  requireScryptCost(cost, MAX_SCRYPT_BYTES);
  const key = deriveKey(password, salt, cost);
  try {
    return xsalsa20poly1305(key, nonce).decrypt(ciphertext);
  } catch (cause) {
    throw new SignerError('wrong-password', 'the key file cannot be decrypted with this password; check it', { cause });
  } finally {
    key.fill(0);
  }
}

function deriveKey(password: Uint8Array, salt: Uint8Array, cost: ScryptCost): Uint8Array {
  try {
    return scryptSync(password, salt, KEY_SIZE, { ...cost, maxmem: MAX_SCRYPT_BYTES });
  } catch (cause) {
    throw damaged(cause);
  }
}

function parseBox(json: Uint8Array): EncryptedBox {
  const outer = record(parseJson(json));
  const kdf = record(outer.kdf);
  const cipher = record(outer.cipher);
  const { N, r, p } = record(kdf.params);
  if (kdf.name !== 'scrypt' || cipher.name !== 'nacl/secretbox') {
    throw new SignerError(
      'unsupported-key',
      'the key file is encrypted with other algorithms than scrypt and nacl/secretbox; encrypt the key again',
    );
  }
  if (typeof N !== 'number' || typeof r !== 'number' || typeof p !== 'number') throw damaged();
  const nonce = bytes(cipher.nonce);
  const ciphertext = bytes(outer.ciphertext);
  if (nonce.length !== NONCE_SIZE || ciphertext.length < TAG_SIZE) throw damaged();
  return { cost: { N, r, p }, salt: bytes(kdf.salt), nonce, ciphertext };
}

function parseJson(json: Uint8Array): unknown {
  try {
    return JSON.parse(decodeUtf8(json));
  } catch (cause) {
    throw damaged(cause);
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw damaged();
}

function bytes(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw damaged();
  try {
    return decodeBase64(value);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): SignerError {
  return new SignerError('malformed', 'the encrypted Sigstore key is damaged: its JSON is not that of such a file', {
    cause,
  });
}
