import { createPublicKey, type KeyObject } from 'node:crypto';
import { concatBytes, equalBytes } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { KEY_TYPE, parseVerifierKey } from '@tilewright/core/note';
import { canonicalSpki, ED25519, schemeOf } from './key-scheme.ts';
import { type LogVerifier, logVerifierOf } from './log-verifier.ts';
import { formatPem, keyFileText, pemBlocks, pemDer, requireOneSequence } from './pem.ts';
import { SignerError } from './signer-error.ts';

/**
 * A log's identity from its verifier key (vkey).
 * @param vkey `<origin>+<8 hex>+<base64>` with type byte 0x01 (Ed25519) or 0x02 (ECDSA, SubjectPublicKeyInfo)
 * @throws SignerError `malformed`, `unsupported-key`, `bad-origin`
 */
export function noteVerifierFromVkey(vkey: string): LogVerifier {
  let parsed: ReturnType<typeof parseVerifierKey>;
  try {
    parsed = parseVerifierKey(vkey.trim());
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new SignerError('malformed', `not a log's verifier key (<origin>+<8 hex>+<base64>): ${cause.message}`, {
      cause,
    });
  }
  if (parsed.type === KEY_TYPE.ed25519)
    return logVerifierOf(readSpki(concatBytes(ED25519.spkiPrefix, parsed.key)), parsed.name);
  if (parsed.type === KEY_TYPE.ecdsa) return logVerifierOf(readSpki(parsed.key), parsed.name);
  throw new SignerError(
    'unsupported-key',
    `the verifier key has type 0x${parsed.type.toString(16).padStart(2, '0')}, which is not a log's checkpoint key ` +
      '(0x01 Ed25519 or 0x02 ECDSA)',
  );
}

/**
 * A log's identity from its public key and origin.
 * @param publicKey a PEM file (`PUBLIC KEY`), or the DER SubjectPublicKeyInfo
 * @param origin the log's name: 1 to 255 bytes, no white space, no `+`
 * @throws SignerError `malformed`, `unsupported-key`, `bad-origin`
 */
export function noteVerifierFromPublicKey(publicKey: string | Uint8Array, origin: string): LogVerifier {
  // 0x30 is also the digit 0, but PEM text starts with a dash or prose.
  const isDer = typeof publicKey !== 'string' && publicKey[0] === 0x30;
  return logVerifierOf(readSpki(isDer ? publicKey : publicPemDer(keyFileText(publicKey))), origin);
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
    'RSA PRIVATE KEY': 'an RSA private key; RSA keys cannot sign checkpoints here',
    'RSA PUBLIC KEY': 'an RSA key in PKCS#1 form; RSA keys cannot sign checkpoints here',
  };
  throw new SignerError(
    'unsupported-key',
    `the public key file holds ${how[block.label] ?? `a PEM block "${block.label.slice(0, 64)}"`}; ` +
      '-----BEGIN PUBLIC KEY----- is needed',
  );
}

function readSpki(spki: Uint8Array): KeyObject {
  requireOneSequence(spki, 'the public key');
  let key: KeyObject;
  try {
    key = createPublicKey(formatPem('PUBLIC KEY', spki));
  } catch (cause) {
    throw new SignerError('malformed', 'the public key is not a SubjectPublicKeyInfo that OpenSSL can read', { cause });
  }
  if (!equalBytes(canonicalSpki(key, schemeOf(key)), spki)) {
    throw new SignerError(
      'malformed',
      'the public key is not in its canonical form (named curve, uncompressed point), so its log id would differ',
    );
  }
  return key;
}
