import type { KeyObject } from 'node:crypto';
import type { NoteSigner } from '@tilewright/core/note';
import { describeKey, type KeyKind, kindOf } from '../keys/key-kind.ts';
import { type LogVerifier, logVerifierOf } from '../notes/log-verifier.ts';
import { signWith } from '../keys/raw-signatures.ts';
import { publicHalf, readPrivateKeyFile } from '../files/read-private-key.ts';
import { SignerError } from '../signer-error.ts';

/** A log's key: its public identity and the signer of its checkpoints. */
export interface LogKey extends LogVerifier {
  /** Signs the text of notes: pure Ed25519, or ECDSA in DER with the hash of the curve (rekor-tiles checkpoints). */
  readonly signer: NoteSigner;
}

/** Kinds of keys that Rekor logs sign with here. */
const SIGNING_KINDS: readonly (KeyKind | undefined)[] = ['ed25519', 'P-256', 'P-384', 'P-521'];

/**
 * Loads a Rekor log's signing key from the text of a PEM file.
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
  const privateKey = readPrivateKeyFile(pem, password);
  const kind = requireLogKind(privateKey);
  const identity = logVerifierOf(publicHalf(privateKey), origin);
  const { keyId, name } = identity.verifier;
  const sign = signWith(privateKey, kind);
  return { ...identity, signer: { name, keyId, sign: async (text) => sign(text) } };
}

function requireLogKind(key: KeyObject): KeyKind {
  const kind = kindOf(key);
  if (kind !== undefined && SIGNING_KINDS.includes(kind)) return kind;
  throw new SignerError(
    'unsupported-key',
    `${describeKey(key)} keys cannot sign checkpoints here; use Ed25519 (openssl genpkey -algorithm ed25519) ` +
      'or ECDSA on P-256, P-384 or P-521 (openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)',
  );
}
