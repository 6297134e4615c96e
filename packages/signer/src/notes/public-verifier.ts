import { CoreError } from '@tilewright/core/error';
import { KEY_TYPE, parseVerifierKey, type VerifierKey } from '@tilewright/core/note';
import { keyFileText, pemBlocks, pemDer } from '../files/pem.ts';
import { readSpki } from '../keys/public-key.ts';
import { SignerError } from '../signer-error.ts';
import { type LogVerifier, logVerifierOf } from './log-verifier.ts';
import { publicKeyOfVkey } from './note-verifier.ts';

const REKOR_TYPES: readonly number[] = [KEY_TYPE.ed25519, KEY_TYPE.ecdsa, KEY_TYPE.named];

/**
 * A Rekor log's identity from its verifier key (vkey).
 * @param vkey `<origin>+<8 hex>+<base64>` with type byte 0x01 (Ed25519), 0x02 (ECDSA, SubjectPublicKeyInfo) or 0xFF
 *   (RSA as Rekor writes it)
 * @throws SignerError `malformed`, `unsupported-key`, `bad-origin`
 */
export function noteVerifierFromVkey(vkey: string): LogVerifier {
  let parsed: VerifierKey;
  try {
    parsed = parseVerifierKey(vkey.trim());
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new SignerError('malformed', `not a log's verifier key (<origin>+<8 hex>+<base64>): ${cause.message}`, {
      cause,
    });
  }
  if (REKOR_TYPES.includes(parsed.type)) return logVerifierOf(publicKeyOfVkey(parsed).key, parsed.name);
  throw new SignerError(
    'unsupported-key',
    `the verifier key has type 0x${parsed.type.toString(16).padStart(2, '0')}, which is not the checkpoint key of a ` +
      'Rekor log (0x01 Ed25519, 0x02 ECDSA or 0xff RSA)',
  );
}

/**
 * A Rekor log's identity from its public key and origin.
 * @param publicKey a PEM file (`PUBLIC KEY`), or the DER SubjectPublicKeyInfo: Ed25519, ECDSA on P-256, P-384 or P-521,
 *   RSA of 2048, 3072 or 4096 bits
 * @param origin the log's name: 1 to 255 bytes, no white space, no `+`
 * @throws SignerError `malformed`, `unsupported-key`, `bad-origin`
 */
export function noteVerifierFromPublicKey(publicKey: string | Uint8Array, origin: string): LogVerifier {
  // 0x30 is also the digit 0, but PEM text starts with a dash or prose.
  const isDer = typeof publicKey !== 'string' && publicKey[0] === 0x30;
  return logVerifierOf(readSpki(isDer ? publicKey : publicPemDer(keyFileText(publicKey))).key, origin);
}

function publicPemDer(text: string): Uint8Array {
  const [block, second] = pemBlocks(text);
  if (block === undefined) {
    throw new SignerError('malformed', 'the public key file holds no PEM block; -----BEGIN PUBLIC KEY----- is needed');
  }
  if (block.label === 'PUBLIC KEY' && second === undefined) return pemDer(block);
  if (block.label === 'PUBLIC KEY')
    throw new SignerError('malformed', 'the public key file holds more than one PEM block');
  const how: Readonly<Record<string, string>> = {
    CERTIFICATE: 'a certificate; extract its key with: openssl x509 -pubkey -noout -in <file>',
    'PRIVATE KEY': 'a private key; extract the public one with: openssl pkey -pubout -in <file>',
    'ENCRYPTED PRIVATE KEY': 'a private key; extract the public one with: openssl pkey -pubout -in <file>',
    'EC PRIVATE KEY': 'a private key; extract the public one with: openssl pkey -pubout -in <file>',
    'RSA PRIVATE KEY': 'a private key; extract the public one with: openssl pkey -pubout -in <file>',
    'RSA PUBLIC KEY': 'an RSA key in PKCS#1 form; convert it with: openssl rsa -RSAPublicKey_in -pubout -in <file>',
  };
  throw new SignerError(
    'unsupported-key',
    `the public key file holds ${how[block.label] ?? `a PEM block "${block.label.slice(0, 64)}"`}; ` +
      '-----BEGIN PUBLIC KEY----- is needed',
  );
}
