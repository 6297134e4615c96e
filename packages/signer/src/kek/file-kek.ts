import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { concatBytes } from '@tilewright/core/bytes';
import { SignerError } from '../signer-error.ts';
import type { KeyEncryptionKey } from './key-encryption-key.ts';

/** Bytes in the file of a `file-kek://`: an AES-256 key and nothing else. */
export const FILE_KEK_BYTES = 32;

const SCHEME = 'file-kek://';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The URI of a key encryption key in a file. @param path absolute; as it is, nothing in it is escaped */
export function fileKekUri(path: string): string {
  return `${SCHEME}${path}`;
}

/** The random content of a new file for a `file-kek://`. Secret. */
export function newFileKek(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(randomBytes(FILE_KEK_BYTES));
}

/**
 * Opens `file-kek://<absolute path>`: a file of 32 random bytes, which only its owner may use. It encrypts as Tink's
 * AES-256-GCM without output prefix: 12 bytes of random IV, ciphertext, 16 bytes of tag.
 * @throws SignerError `bad-uri`; `bad-kek` when the file is absent, others may use it, or it does not hold 32 bytes
 */
export function openFileKek(uri: string): KeyEncryptionKey {
  const path = uri.slice(SCHEME.length);
  if (!uri.startsWith(SCHEME) || !isAbsolute(path) || path.includes('\0')) {
    throw new SignerError(
      'bad-uri',
      'a key encryption key in a file is named file-kek:// and an absolute path, as file-kek:///etc/tilewright/kek',
    );
  }
  return aesGcmKek(uri, readKey(path));
}

/** Tink's AES-GCM without output prefix, with a key that is in memory. */
function aesGcmKek(uri: string, key: KeyObject): KeyEncryptionKey {
  return {
    uri,
    async encrypt(plaintext, associatedData) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAAD(associatedData);
      return concatBytes(iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
    },
    async decrypt(ciphertext, associatedData) {
      if (ciphertext.length < IV_BYTES + TAG_BYTES) throw mismatch(uri);
      const iv = ciphertext.subarray(0, IV_BYTES);
      const tag = ciphertext.subarray(-TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
        .setAAD(associatedData)
        .setAuthTag(tag);
      const plaintext = decipher.update(ciphertext.subarray(IV_BYTES, -TAG_BYTES));
      try {
        decipher.final();
      } catch {
        plaintext.fill(0);
        throw mismatch(uri);
      }
      return plaintext;
    },
  };
}

function mismatch(uri: string): SignerError {
  return new SignerError(
    'kek-mismatch',
    `${uri} cannot decrypt the keyset: another key encrypted it, or the file was changed`,
  );
}

function readKey(path: string): KeyObject {
  const { mode, content } = readWhole(path);
  // Write permission counts too: who can put a key of his own there learns every key that is encrypted from then on.
  if (process.platform !== 'win32' && mode % 0o100 !== 0) {
    content.fill(0);
    const shown = (mode % 0o1000).toString(8);
    throw new SignerError(
      'bad-kek',
      `others than its owner can use ${path} (mode ${shown}); make it yours alone: chmod 600 ${path}`,
    );
  }
  if (content.length !== FILE_KEK_BYTES) {
    content.fill(0);
    throw new SignerError(
      'bad-kek',
      `${path} does not hold ${FILE_KEK_BYTES} bytes, so it is no key encryption key; make one with: tilewright keyset new-kek`,
    );
  }
  const key = createSecretKey(content);
  content.fill(0);
  return key;
}

/** At most one byte more than a key has. */
function readWhole(path: string): { mode: number; content: Uint8Array<ArrayBuffer> } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const status = fstatSync(descriptor);
    if (!status.isFile())
      throw new SignerError('bad-kek', `${path} is not a file; a key encryption key is one of ${FILE_KEK_BYTES} bytes`);
    const content = new Uint8Array(FILE_KEK_BYTES + 1);
    let read = 0;
    for (let more = 1; more > 0 && read < content.length; read += more) {
      more = readSync(descriptor, content, read, content.length - read, null);
    }
    return { mode: status.mode, content: content.subarray(0, read) };
  } catch (cause) {
    if (cause instanceof SignerError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'does not exist; make it with: tilewright keyset new-kek' : `cannot be read (${code})`;
    throw new SignerError('bad-kek', `the key encryption key ${path} ${why}`, { cause });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
