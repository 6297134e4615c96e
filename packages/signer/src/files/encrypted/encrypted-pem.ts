import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignerError } from '../../signer-error.ts';
import type { PemBlock } from '../pem.ts';

const PROC_TYPE = /^Proc-Type: ?4,ENCRYPTED$/;
const DEK_INFO = /^DEK-Info: ?(?:AES-(?:128|192|256)-CBC,[0-9A-Fa-f]{32}|DES-EDE3-CBC,[0-9A-Fa-f]{16})$/;
const CONVERT = 'convert it with: openssl pkey -in <file> -aes256 -out <new file>';

/**
 * The private key in a PEM block that is encrypted as before PKCS#8: `Proc-Type: 4,ENCRYPTED` (RFC 1421). Its password is
 * hashed only once, so that a stolen file gives way to guessing; read because rekor-tiles reads it.
 *
 * @param password absent or empty: none was given
 * @throws SignerError `encrypted` without a password, `wrong-password`, `unsupported-key` for another cipher than AES and
 *   triple DES
 */
export function readEncryptedPem({ label, headers, body }: PemBlock, password: Uint8Array | undefined): KeyObject {
  const [procType = '', dekInfo = '', ...more] = headers;
  if (!PROC_TYPE.test(procType) || !DEK_INFO.test(dekInfo) || more.length > 0) {
    throw new SignerError(
      'unsupported-key',
      `the PEM block "${label}" has header lines that are not known; ${CONVERT}`,
    );
  }
  if (password === undefined || password.length === 0) {
    throw new SignerError(
      'encrypted',
      `the key file is encrypted (in the old form "${label}"); give its password, or ${CONVERT}`,
    );
  }
  const lines = body.match(/.{1,64}/g) ?? [];
  const text = [`-----BEGIN ${label}-----`, procType, dekInfo, '', ...lines, `-----END ${label}-----`, ''].join('\n');
  try {
    return createPrivateKey({ key: text, format: 'pem', passphrase: Buffer.from(password) });
  } catch (cause) {
    throw new SignerError(
      'wrong-password',
      `the key file cannot be decrypted with this password; check it, or ${CONVERT}`,
      { cause },
    );
  }
}
