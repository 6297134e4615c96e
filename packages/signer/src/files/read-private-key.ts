import type { KeyObject } from 'node:crypto';
import { requireOneSequence } from '../keys/der.ts';
import { SignerError } from '../signer-error.ts';
import { readEncryptedPem } from './encrypted/encrypted-pem.ts';
import { readEncryptedPkcs8 } from './encrypted/encrypted-pkcs8.ts';
import { decryptSigstore } from './encrypted/encrypted-sigstore.ts';
import { keyFileText, type PemBlock, pemBlocks, pemBytes, pemDer } from './pem.ts';
import { isPrivateLabel, readPrivateDer } from './private-der.ts';
import { refuseBlock, refuseText } from './refuse-key-file.ts';

const SIGSTORE_LABELS: readonly string[] = ['ENCRYPTED SIGSTORE PRIVATE KEY', 'ENCRYPTED COSIGN PRIVATE KEY'];
const NONE = new Uint8Array();

/**
 * Reads a private key from the text of a PEM file with one of: PKCS#8, plain (`PRIVATE KEY`) or encrypted (`ENCRYPTED
 * PRIVATE KEY`, PBES2); SEC1 (`EC PRIVATE KEY`) and PKCS#1 (`RSA PRIVATE KEY`), plain or encrypted in the old form
 * (`Proc-Type: 4,ENCRYPTED`); `ENCRYPTED SIGSTORE PRIVATE KEY` and `ENCRYPTED COSIGN PRIVATE KEY`. Files of other forms
 * are refused by the name of their form; what the key may be used for is for its reader to say.
 *
 * @param password of an encrypted key, without a final newline; empty counts as none, and a plain key ignores it, as
 *   rekor-tiles does
 * @throws SignerError `malformed`, `unsupported-key`, `encrypted`, `wrong-password`
 */
export function readPrivateKeyFile(pem: string | Uint8Array, password?: Uint8Array): KeyObject {
  const text = keyFileText(pem);
  const blocks = pemBlocks(text);
  // What "openssl ecparam -genkey" writes before the key says nothing that the key does not say.
  const [block, second] = blocks.length > 1 ? blocks.filter(({ label }) => label !== 'EC PARAMETERS') : blocks;
  if (block === undefined) return refuseText(text);
  const isEncrypted = block.label === 'ENCRYPTED PRIVATE KEY' || SIGSTORE_LABELS.includes(block.label);
  if (!isEncrypted && !isPrivateLabel(block.label)) return refuseBlock(block);
  if (second !== undefined) {
    throw new SignerError('malformed', 'the key file holds more than one PEM block; leave only the private key in it');
  }
  return readBlock(block, password);
}

function readBlock(block: PemBlock, password: Uint8Array | undefined): KeyObject {
  const { label, headers } = block;
  if (label === 'EC PRIVATE KEY' || label === 'RSA PRIVATE KEY') {
    return headers.length > 0 ? readEncryptedPem(block, password) : readPrivateDer(label, pemDer(block));
  }
  if (headers.length > 0) {
    throw new SignerError('malformed', `the PEM block "${label}" has header lines, which it must not have`);
  }
  if (label === 'PRIVATE KEY') return readPrivateDer(label, pemDer(block));
  return label === 'ENCRYPTED PRIVATE KEY'
    ? readEncryptedPkcs8(pemDer(block), password)
    : readSigstore(pemBytes(block), password ?? NONE);
}

/** Without a password the empty one is tried: cosign encrypts with that when it is given none. */
function readSigstore(json: Uint8Array, password: Uint8Array): KeyObject {
  const der = decryptOrAsk(json, password);
  try {
    requireOneSequence(der, 'what the encrypted Sigstore key holds');
    return readPrivateDer('PRIVATE KEY', der);
  } finally {
    der.fill(0);
  }
}

function decryptOrAsk(json: Uint8Array, password: Uint8Array): Uint8Array {
  try {
    return decryptSigstore(json, password);
  } catch (cause) {
    const isAsked = cause instanceof SignerError && cause.code === 'wrong-password' && password.length === 0;
    if (!isAsked) throw cause;
    throw new SignerError('encrypted', 'the key file is encrypted (scrypt and secretbox); give its password', {
      cause,
    });
  }
}
