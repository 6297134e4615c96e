import type { KeyObject } from 'node:crypto';
import { isNoteKeyText, readNoteKeyText, requireNoteKeyId } from '../files/note-key-file.ts';
import { keyFileText } from '../files/pem.ts';
import { readPrivateKeyFile } from '../files/read-private-key.ts';
import { describeKey, type KeyKind, kindOf } from '../keys/key-kind.ts';
import { requireOrigin } from '../keys/origin.ts';
import { localSigningKey } from '../keys/signing-key.ts';
import { type LogKey, logKeyOf } from '../notes/log-key.ts';
import { SignerError } from '../signer-error.ts';

/** Kinds of keys that Rekor logs sign with. */
const SIGNING_KINDS: readonly (KeyKind | undefined)[] = ['ed25519', 'P-256', 'P-384', 'P-521', 'rsa'];

/**
 * Loads a Rekor log's signing key from the content of a key file.
 *
 * Accepted: the PEM files that {@link readPrivateKeyFile} reads, holding Ed25519, ECDSA on P-256, P-384 or P-521, or RSA
 * of 2048, 3072 or 4096 bits; and Go's one line `PRIVATE+KEY+<origin>+<8 hex>+<base64>`, whose name must be the origin.
 * Everything else is refused by the name of its kind. The key signs and verifies once before it is returned.
 *
 * @param origin the log's name: 1 to 255 bytes, no white space, no `+`
 * @param password of an encrypted key, without a final newline; empty counts as none, and a plain key ignores it, as
 *   rekor-tiles does
 * @throws SignerError `malformed`, `unsupported-key`, `encrypted`, `wrong-password`, `key-mismatch`, `bad-origin`
 */
export function loadSignerFile(file: string | Uint8Array, origin: string, password?: Uint8Array): LogKey {
  requireOrigin(origin);
  const text = keyFileText(file);
  if (!isNoteKeyText(text))
    return logKeyOf(localSigningKey(requireLogKind(readPrivateKeyFile(text, password))), origin);
  const noteKey = readNoteKeyText(text, origin, 'ed25519');
  const key = logKeyOf(localSigningKey(noteKey.privateKey), origin);
  requireNoteKeyId(noteKey, key.verifier.keyId);
  return key;
}

function requireLogKind(key: KeyObject): KeyObject {
  if (SIGNING_KINDS.includes(kindOf(key))) return key;
  throw new SignerError(
    'unsupported-key',
    `${describeKey(key)} keys do not sign the checkpoints of Rekor logs; use Ed25519 (openssl genpkey -algorithm ` +
      'ed25519), ECDSA on P-256, P-384 or P-521 (openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256), or ' +
      'RSA of 2048, 3072 or 4096 bits',
  );
}
