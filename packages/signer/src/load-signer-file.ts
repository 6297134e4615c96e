import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import type { NoteSigner } from '@tilewright/core/note';
import { schemeOf } from './key-scheme.ts';
import { type LogVerifier, logVerifierOf } from './log-verifier.ts';
import { formatPem, keyFileText, type PemBlock, pemBlocks, pemDer } from './pem.ts';
import { refuseBlock, refuseText } from './refuse-key-file.ts';
import { SignerError } from './signer-error.ts';

/** A log's key: its public identity and the signer of its checkpoints. */
export interface LogKey extends LogVerifier {
  /** Signs the text of notes: pure Ed25519, or ECDSA in DER with the hash of the curve (rekor-tiles checkpoints). */
  readonly signer: NoteSigner;
}

const PROBE = encodeUtf8('tilewright key check\n');

/**
 * Loads a log's signing key from the text of a PEM file.
 *
 * Accepted: one PKCS#8 block, plain (`PRIVATE KEY`) or encrypted (`ENCRYPTED PRIVATE KEY`), holding Ed25519 or ECDSA on
 * P-256, P-384 or P-521. Everything else is refused by the name of its kind. The key signs and verifies once before it
 * is returned, because OpenSSL reads an ECDSA key whose public half belongs to another private half.
 *
 * @param origin the log's name: 1 to 255 bytes, no white space, no `+`
 * @param password of an encrypted key, without a final newline; empty counts as none, and a plain key ignores it, as
 *   rekor-tiles does
 * @throws SignerError `malformed`, `unsupported-key`, `encrypted`, `bad-origin`
 */
export function loadSignerFile(pem: string | Uint8Array, origin: string, password?: Uint8Array): LogKey {
  const privateKey = readPrivateKey(keyFileText(pem), password);
  const { digest } = schemeOf(privateKey);
  const identity = logVerifierOf(createPublicKey(privateKey), origin);
  const signText = (text: Uint8Array): Uint8Array =>
    Uint8Array.from(sign(digest, text, { key: privateKey, dsaEncoding: 'der' }));
  if (!identity.verifier.verify(PROBE, signText(PROBE))) {
    throw new SignerError(
      'malformed',
      "the key's public half does not belong to its private half; make the file again",
    );
  }
  const { keyId, name } = identity.verifier;
  return { ...identity, signer: { name, keyId, sign: (text) => Promise.resolve(signText(text)) } };
}

function readPrivateKey(text: string, password: Uint8Array | undefined): KeyObject {
  const [block, second] = pemBlocks(text);
  if (block === undefined) return refuseText(text);
  const isPkcs8 = block.label === 'PRIVATE KEY' || block.label === 'ENCRYPTED PRIVATE KEY';
  if (!isPkcs8 || block.hasHeaders) return refuseBlock(block);
  if (second !== undefined) {
    throw new SignerError('malformed', 'the key file holds more than one PEM block; leave only the private key in it');
  }
  return block.label === 'PRIVATE KEY' ? readPlain(block) : readEncrypted(block, password);
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
