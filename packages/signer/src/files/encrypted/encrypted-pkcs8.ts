import { createPrivateKey, type KeyObject } from 'node:crypto';
import { encodeHex } from '@tilewright/core/bytes';
import { DER_TAG, type DerElement, derElements } from '../../keys/der.ts';
import { SignerError } from '../../signer-error.ts';
import { requireIterations, requireScryptCost } from './kdf-cost.ts';

/** Object identifiers, as the hex of their DER content (RFC 8018, appendix C; RFC 7914, section 7). */
const OID = { pbes2: '2a864886f70d01050d', pbkdf2: '2a864886f70d01050c', scrypt: '2b06010401da47040b' } as const;

/** OpenSSL takes no more for scrypt in a key file. */
const MAX_SCRYPT_BYTES = 2 ** 25;
const WHAT = 'the encrypted key';
const DECRYPT = 'or decrypt it with: openssl pkcs8 -in <file> -out <new file>';

/**
 * The private key in an EncryptedPrivateKeyInfo (RFC 5958) under PBES2 (RFC 8018).
 * @param der one SEQUENCE
 * @param password absent or empty: none was given
 * @throws SignerError `encrypted` without a password, `wrong-password`, `unsupported-key`, `malformed`
 */
export function readEncryptedPkcs8(der: Uint8Array, password: Uint8Array | undefined): KeyObject {
  requireUsualWork(der);
  if (password === undefined || password.length === 0) {
    throw new SignerError('encrypted', `the key file is encrypted (PKCS#8); give its password, ${DECRYPT}`);
  }
  try {
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8', passphrase: Buffer.from(password) });
  } catch (cause) {
    throw new SignerError(
      'wrong-password',
      `the key file cannot be decrypted with this password; check it, ${DECRYPT}`,
      { cause },
    );
  }
}

/** OpenSSL does whatever work the file asks for, so this looks first. */
function requireUsualWork(der: Uint8Array): void {
  const [info] = derElements(der, WHAT);
  const [algorithm] = partsOf(info);
  const [scheme, parameters] = partsOf(algorithm);
  if (oidOf(scheme) !== OID.pbes2) {
    throw new SignerError(
      'unsupported-key',
      'the key file is encrypted in a form older than PBES2; convert it with: openssl pkey -in <file> -aes256 -out <new file>',
    );
  }
  const [derivation] = partsOf(parameters);
  const [kdf, kdfParameters] = partsOf(derivation);
  const [, ...numbers] = partsOf(kdfParameters);
  switch (oidOf(kdf)) {
    case OID.pbkdf2:
      requireIterations(integerOf(numbers[0]));
      break;
    case OID.scrypt:
      requireScryptCost(
        { N: integerOf(numbers[0]), r: integerOf(numbers[1]), p: integerOf(numbers[2]) },
        MAX_SCRYPT_BYTES,
      );
      break;
    default:
      throw new SignerError(
        'unsupported-key',
        'the key file makes its key of the password in an unknown way; PBKDF2 and scrypt are known',
      );
  }
}

function partsOf(element: DerElement | undefined): DerElement[] {
  if (element?.tag === DER_TAG.sequence) return derElements(element.content, WHAT);
  throw new SignerError('malformed', `${WHAT} is not a PKCS#8 EncryptedPrivateKeyInfo`);
}

function oidOf(element: DerElement | undefined): string {
  return element?.tag === DER_TAG.oid ? encodeHex(element.content) : '';
}

/** A whole number; -1 for what is none, or below zero. */
function integerOf(element: DerElement | undefined): number {
  if (element?.tag !== DER_TAG.integer || element.content.length === 0 || (element.content[0] ?? 0) >= 0x80) return -1;
  return element.content.reduce((value, byte) => value * 256 + byte, 0);
}
