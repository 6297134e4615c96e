import { encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import type { KeyEncryptionKey } from '../kek/key-encryption-key.ts';
import { localSigningKey, type SigningKey } from '../keys/signing-key.ts';
import { SignerError } from '../signer-error.ts';
import { privateKeyOf } from './keys/private-key.ts';
import {
  decodeBinaryKeyset,
  decodeKeyset,
  encodeEncryptedKeyset,
  encodeKeyset,
  type KeysetContent,
} from './keyset-binary.ts';
import { decodeJsonKeyset, encodeEncryptedJsonKeyset, encodeJsonKeyset } from './keyset-json.ts';
import type { Keyset, KeysetKey } from './keyset-model.ts';

/** How a keyset is written down. */
export type KeysetFormat = 'json' | 'binary';

/** A keyset file as it is, before anything was decrypted. */
export type KeysetFile = KeysetContent & { readonly format: KeysetFormat };

/** A keyset of one key has a few hundred bytes; this holds hundreds of keys. */
const MAX_FILE_BYTES = 65536;

const NO_DATA = new Uint8Array();
const WHITE_SPACE: readonly number[] = [0x09, 0x0a, 0x0d, 0x20];
const PEM_START = encodeUtf8('-----BEGIN ');
/** JSON starts with it; in protobuf it would begin a group, and Tink has none. */
const BRACE = 0x7b;

/**
 * Reads a keyset file, without decrypting it.
 * @throws SignerError `keyset-malformed`
 */
export function parseKeysetFile(file: Uint8Array): KeysetFile {
  if (file.length > MAX_FILE_BYTES) {
    throw new SignerError('keyset-malformed', `a keyset has at most ${MAX_FILE_BYTES} bytes, this file ${file.length}`);
  }
  const start = file.findIndex((byte) => !WHITE_SPACE.includes(byte));
  if (start === -1) throw new SignerError('keyset-malformed', 'the keyset file is empty');
  if (equalBytes(file.subarray(start, start + PEM_START.length), PEM_START)) {
    throw new SignerError('keyset-malformed', 'the keyset file is a PEM file, which --signer-filepath takes');
  }
  return file[start] === BRACE
    ? { format: 'json', ...decodeJsonKeyset(file) }
    : { format: 'binary', ...decodeBinaryKeyset(file) };
}

/**
 * Reads a keyset: JSON or binary; in the clear, or encrypted by a key encryption key, as Tink's writers leave it: the binary
 * keyset with no associated data. Secrets in the result are copies ({@link clearKeyset}).
 *
 * @param kek without it only a keyset in the clear is read, and with it only an encrypted one, so that nobody believes a
 *   key to be protected that is not
 * @throws SignerError `keyset-malformed`; `encrypted` without a key for an encrypted keyset; `kek-mismatch`; and what the
 *   key encryption key throws
 */
export async function readKeyset(file: Uint8Array, kek?: KeyEncryptionKey): Promise<Keyset> {
  return openKeyset(parseKeysetFile(file), kek);
}

/** As {@link readKeyset}, of a file that was looked at already. @throws SignerError */
export async function openKeyset(file: KeysetFile, kek?: KeyEncryptionKey): Promise<Keyset> {
  if (!file.encrypted) {
    if (kek === undefined) return file.keyset;
    throw new SignerError(
      'kek-mismatch',
      'the keyset is not encrypted, yet a key encryption key is named; leave that out',
    );
  }
  if (kek === undefined) {
    throw new SignerError('encrypted', 'the keyset is encrypted; name the key encryption key that decrypts it');
  }
  const plaintext = await kek.decrypt(file.ciphertext, NO_DATA);
  try {
    return decodeKeyset(plaintext);
  } finally {
    plaintext.fill(0);
  }
}

/** Writes a keyset that a key encryption key encrypts. @throws SignerError what the key throws */
export async function encryptKeyset(keyset: Keyset, kek: KeyEncryptionKey, format: KeysetFormat): Promise<Uint8Array> {
  const plaintext = encodeKeyset(keyset);
  try {
    const ciphertext = await kek.encrypt(plaintext, NO_DATA);
    return format === 'json'
      ? encodeEncryptedJsonKeyset(ciphertext, keyset)
      : encodeEncryptedKeyset(ciphertext, keyset);
  } finally {
    plaintext.fill(0);
  }
}

/** Writes a keyset in the clear: whoever reads the result has the keys. */
export function cleartextKeyset(keyset: Keyset, format: KeysetFormat): Uint8Array {
  return format === 'json' ? encodeJsonKeyset(keyset) : encodeKeyset(keyset);
}

/**
 * The entry of a keyset that signs: the one enabled key that its primary key id names, as Tink has it.
 * @throws SignerError `keyset-no-primary`, `keyset-two-primaries`
 */
export function primaryEntry({ primaryKeyId, keys }: Keyset): KeysetKey {
  const named = keys.filter(({ id }) => id === primaryKeyId);
  const [enabled, second] = named.filter(({ status }) => status === 'ENABLED');
  if (second !== undefined) {
    throw new SignerError(
      'keyset-two-primaries',
      `the keyset has two enabled keys with its primary key's id ${primaryKeyId}`,
    );
  }
  if (enabled !== undefined && primaryKeyId !== 0) return enabled;
  throw new SignerError(
    'keyset-no-primary',
    `${noPrimary(primaryKeyId, keys.length, named[0])}; enable one with Tink, or add one with: tilewright keyset rotate --key-template`,
  );
}

function noPrimary(primaryKeyId: number, count: number, named: KeysetKey | undefined): string {
  if (count === 0) return 'the keyset holds no key';
  if (primaryKeyId === 0) return 'the keyset names no primary key';
  if (named === undefined) return `the keyset has no key ${primaryKeyId}, which it names as its primary key`;
  return `the primary key ${primaryKeyId} of the keyset is ${named.status === 'DISABLED' ? 'disabled' : 'destroyed'}`;
}

/**
 * The key that signs, in memory. It signs without Tink's output prefix, as rekor-tiles does for checkpoints.
 * @throws SignerError `keyset-no-primary`, `keyset-two-primaries`, `keyset-unknown-type`, `keyset-malformed`, `key-mismatch`
 */
export function primaryKey(keyset: Keyset): SigningKey {
  return localSigningKey(privateKeyOf(primaryEntry(keyset)));
}
