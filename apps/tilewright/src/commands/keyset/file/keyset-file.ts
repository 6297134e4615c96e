import { readFileSync } from 'node:fs';
import { equalBytes } from '@tilewright/core/bytes';
import {
  clearKeyset,
  cleartextKeyset,
  encryptKeyset,
  type KeyEncryptionKey,
  type Keyset,
  type KeysetFile,
  type KeysetFormat,
  type KeysetKey,
  openKeyset,
  parseKeysetFile,
  SignerError,
} from '@tilewright/signer';
import { CommandError } from '../../../cli/command-error.ts';
import { readableFileProblem } from '../../../files/readable-file.ts';

/** Reads a keyset file, without decrypting it. @throws CommandError 'usage'; SignerError */
export function readKeysetFile(path: string): KeysetFile {
  const unreadable = readableFileProblem('<keyset>', path);
  if (unreadable !== undefined) throw new CommandError('usage', unreadable);
  return parseKeysetFile(readFileSync(path));
}

/** Decrypts a keyset for as long as `use` runs; its secrets are overwritten after that. @throws SignerError */
export async function withKeyset<T>(
  file: KeysetFile,
  kek: KeyEncryptionKey | undefined,
  use: (keyset: Keyset) => Promise<T>,
): Promise<T> {
  const keyset = await openKeyset(file, kek);
  try {
    return await use(keyset);
  } finally {
    clearKeyset(keyset);
  }
}

/** Writes a keyset down: in the clear only when there is no key to encrypt it. */
export async function formatKeyset(
  keyset: Keyset,
  kek: KeyEncryptionKey | undefined,
  format: KeysetFormat,
): Promise<Uint8Array> {
  return kek === undefined ? cleartextKeyset(keyset, format) : encryptKeyset(keyset, kek, format);
}

/** As {@link formatKeyset}, and reads the result again: what replaces a keyset must be one that can be opened. */
export async function formatAndCheck(
  keyset: Keyset,
  kek: KeyEncryptionKey | undefined,
  format: KeysetFormat,
): Promise<Uint8Array> {
  const content = await formatKeyset(keyset, kek, format);
  const isSame = await withKeyset(parseKeysetFile(content), kek, async ({ keys }) => {
    const secretOf = (key: KeysetKey | undefined) => key?.data?.value ?? new Uint8Array();
    return (
      keys.length === keyset.keys.length && keys.every((key, i) => equalBytes(secretOf(key), secretOf(keyset.keys[i])))
    );
  });
  if (isSame) return content;
  throw new SignerError('kms-bad-answer', 'the key encryption key decrypts what it encrypted to something else');
}

/** A name beside a file for what stands there now. */
export function backupName(path: string, now: Date): string {
  return `${path}.${now.toISOString().replaceAll(/[-:.]/g, '')}.bak`;
}
