import { SignerError } from '../signer-error.ts';
import type { PemBlock } from './pem.ts';

const NEEDS_PRIVATE = 'a private key is needed: -----BEGIN PRIVATE KEY----- (PKCS#8)';

/** PEM labels that are known and not accepted as a signing key, and what to do about each. */
const REFUSED_LABELS: Readonly<Record<string, string>> = {
  'EC PARAMETERS': `the parameters of an ECDSA key without the key; ${NEEDS_PRIVATE}`,
  'DSA PRIVATE KEY': 'a DSA key; use Ed25519 (openssl genpkey -algorithm ed25519)',
  'OPENSSH PRIVATE KEY': 'an OpenSSH key; make a new key with: openssl genpkey -algorithm ed25519',
  'PGP PRIVATE KEY BLOCK': 'an OpenPGP key; make a new key with: openssl genpkey -algorithm ed25519',
  'PUBLIC KEY': `a public key; ${NEEDS_PRIVATE}`,
  'RSA PUBLIC KEY': `an RSA public key; ${NEEDS_PRIVATE}`,
  'SSH2 PUBLIC KEY': `an SSH public key; ${NEEDS_PRIVATE}`,
  CERTIFICATE: `a certificate; ${NEEDS_PRIVATE}`,
  'CERTIFICATE REQUEST': `a certificate request; ${NEEDS_PRIVATE}`,
};

/**
 * Names the kind of a PEM block that is not a private key.
 * @throws SignerError `unsupported-key`
 */
export function refuseBlock(block: PemBlock): never {
  const kind = REFUSED_LABELS[block.label] ?? `a PEM block "${block.label.slice(0, 64)}"; ${NEEDS_PRIVATE}`;
  throw new SignerError('unsupported-key', `the key file holds ${kind}`);
}

/**
 * Names the kind of a file that holds no PEM block at all.
 * @throws SignerError `unsupported-key`, or `malformed` when nothing is recognised
 */
export function refuseText(text: string): never {
  const start = text.trimStart();
  if (start === '') throw new SignerError('malformed', `the key file is empty; ${NEEDS_PRIVATE}`);
  if (start.startsWith('PRIVATE+KEY+')) {
    throw new SignerError(
      'unsupported-key',
      'the key file holds a Go note signing key (PRIVATE+KEY+…), which has a name and a type of its own; a PEM file is needed here',
    );
  }
  if (start.startsWith('{') && /"(?:encryptedKeyset|primaryKeyId)"/.test(start)) {
    throw new SignerError(
      'unsupported-key',
      'the key file holds a Tink keyset, which is not a PEM file; serve takes it with --signer-tink-keyset-path',
    );
  }
  if (start.startsWith('{') && start.includes('"kty"')) {
    throw new SignerError('unsupported-key', `the key file holds a JSON Web Key; ${NEEDS_PRIVATE}`);
  }
  if (/^(?:ssh|ecdsa)-\S+ /.test(start)) {
    throw new SignerError('unsupported-key', `the key file holds an SSH public key; ${NEEDS_PRIVATE}`);
  }
  if (/^\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+\s*$/.test(start)) {
    throw new SignerError(
      'unsupported-key',
      `the key file holds a verifier key (vkey), which is public; ${NEEDS_PRIVATE}`,
    );
  }
  throw new SignerError('malformed', `the key file holds no PEM block; ${NEEDS_PRIVATE}`);
}
