import type { KeyedNoteSigner } from '@tilewright/core/note';
import { isNoteKeyText, readNoteKeyText, requireNoteKeyId } from '../files/note-key-file.ts';
import { keyFileText } from '../files/pem.ts';
import { readPrivateKeyFile } from '../files/read-private-key.ts';
import { requireKind } from '../keys/key-kind.ts';
import { requireOrigin } from '../keys/origin.ts';
import { noteSignerOf } from '../notes/note-signer.ts';

/**
 * The signer that a log puts beside its first one: an ML-DSA-44 key of the same name, whose signatures are of type 0x06
 * with timestamp 0 (tlog-checkpoint, "Signatures"). Clients that do not know its key pass over its lines. It signs only
 * checkpoints without extension lines.
 *
 * @param file a PEM file, PKCS#8, plain or encrypted; or Go's one line `PRIVATE+KEY+<origin>+…` of type 0x06
 * @param password of an encrypted key; empty counts as none
 * @throws SignerError `unsupported-key` for another kind of key; `malformed`, `encrypted`, `wrong-password`,
 *   `key-mismatch`, `bad-origin`
 */
export function additionalSigner(file: string | Uint8Array, origin: string, password?: Uint8Array): KeyedNoteSigner {
  requireOrigin(origin);
  const text = keyFileText(file);
  if (isNoteKeyText(text)) {
    const noteKey = readNoteKeyText(text, origin, 'ml-dsa-44');
    const signer = noteSignerOf(origin, noteKey.privateKey);
    requireNoteKeyId(noteKey, signer.keyId);
    return signer;
  }
  const privateKey = readPrivateKeyFile(text, password);
  requireKind(privateKey, ['ml-dsa-44'], 'sign checkpoints beside the first key of a log');
  return noteSignerOf(origin, privateKey);
}
