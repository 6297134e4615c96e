import type { KeyObject } from 'node:crypto';
import { KEY_TYPE, parseSigningKey } from '@tilewright/core/note';
import { privateKeyFromSeed } from '../keys/private-seed.ts';
import { inSignerTerms, SignerError } from '../signer-error.ts';

/** The private key in a file of Go's packages for notes. */
export interface NoteKeyFile {
  readonly privateKey: KeyObject;
  /** What the file says is the id of the public key, uint32. Nobody has compared the two yet. */
  readonly keyId: number;
}

const TYPES = { ed25519: KEY_TYPE.ed25519, 'ml-dsa-44': KEY_TYPE.cosignatureMlDsa44 } as const;

/** Whether a key file is one line `PRIVATE+KEY+<name>+<8 hex>+<base64>`. */
export function isNoteKeyText(text: string): boolean {
  return text.trimStart().startsWith('PRIVATE+KEY+');
}

/**
 * Reads such a line.
 * @param origin the name that the key must have
 * @throws SignerError `malformed`; `bad-origin` for a key of another name; `unsupported-key` for one of another type
 */
export function readNoteKeyText(text: string, origin: string, kind: 'ed25519' | 'ml-dsa-44'): NoteKeyFile {
  const { name, keyId, type, seed } = inSignerTerms(() => parseSigningKey(text.trim()));
  if (name !== origin) {
    throw new SignerError(
      'bad-origin',
      `the key file holds the key of ${JSON.stringify(name)}, and the log is ${JSON.stringify(origin)}: the two must be the same`,
    );
  }
  if (type !== TYPES[kind]) {
    throw new SignerError(
      'unsupported-key',
      `the key file holds a note key of type 0x0${type.toString(16)}; one of type 0x0${TYPES[kind].toString(16)} belongs here`,
    );
  }
  return { privateKey: privateKeyFromSeed(kind, seed), keyId };
}

/** Checks that the key has the id that its file says. @throws SignerError `key-mismatch` */
export function requireNoteKeyId(file: NoteKeyFile, keyId: number): void {
  if (file.keyId === keyId) return;
  throw new SignerError('key-mismatch', 'the key id in the key file is not that of its name and public key');
}
