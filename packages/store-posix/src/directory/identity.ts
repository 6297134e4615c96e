import { decodeHex, decodeUtf8, encodeHex, encodeUtf8, equalBytes, type Hash } from '@tilewright/core/bytes';
import type { Fs } from '../fs/fs.ts';
import { PosixError } from '../posix-error.ts';
import { isoTime } from './iso-time.ts';
import { LAYOUT } from './layout.ts';
import { readSmallFile } from './read-small-file.ts';

/** Which log a directory belongs to. */
export interface LogIdentity {
  /** First line of the log's checkpoints. */
  readonly origin: string;
  /** The log's full key id: 32 bytes. */
  readonly logId: Hash;
  /** What its entries are, as one word of small letters; nothing for those of Rekor. Whoever expects others may not write. */
  readonly entries?: string | undefined;
}

/** What `.state/format.json` says. */
export interface StoredIdentity extends LogIdentity {
  readonly format: number;
  /** When the state directory was made, ISO 8601. For display only. */
  readonly created: string;
}

/** The only format so far. A change of what is stored, or of how recovery reads it, makes it the next one. */
export const FORMAT_VERSION = 1;

const ENTRIES = /^[a-z]{1,16}$/;
const LOG_ID_SIZE = 32;
const MAX_SIZE = 4096;

/** The bytes of `format.json`. `wallMs` is the time of day in milliseconds since 1970. */
export function encodeIdentity(identity: LogIdentity, wallMs: number): Uint8Array {
  const created = isoTime(wallMs);
  const { origin, logId, entries } = identity;
  // One without `entries` leaves the field out.
  return encodeUtf8(
    `${JSON.stringify({ format: FORMAT_VERSION, origin, logId: encodeHex(logId), entries, created })}\n`,
  );
}

/** What the `format.json` of the directory says. Throws PosixError 'format-newer' or 'corrupt', also when there is none. */
export async function readIdentity(fs: Fs, root: string): Promise<StoredIdentity> {
  return decodeIdentity((await readSmallFile(fs, `${root}/${LAYOUT.format}`, MAX_SIZE)) ?? new Uint8Array(0));
}

/** Reads the bytes of `format.json`. Throws PosixError 'format-newer' or 'corrupt'. */
export function decodeIdentity(bytes: Uint8Array): StoredIdentity {
  const value = parse(bytes);
  const { format, origin, logId, entries, created } = value;
  if (typeof format === 'number' && Number.isSafeInteger(format) && format > FORMAT_VERSION) {
    throw new PosixError(
      'format-newer',
      `the storage directory has format ${format}; this program knows formats up to ${FORMAT_VERSION}: start the newer program that wrote it`,
      { path: LAYOUT.format },
    );
  }
  const known = format === FORMAT_VERSION && typeof origin === 'string' && typeof created === 'string';
  if (!known || typeof logId !== 'string' || !isLogId(logId)) throw damaged(undefined);
  if (entries !== undefined && !(typeof entries === 'string' && ENTRIES.test(entries))) throw damaged(undefined);
  return { format, origin, logId: decodeHex(logId) as Uint8Array as Hash, entries, created };
}

/** Throws PosixError 'identity-mismatch' when the directory is another log's. */
export function requireIdentity(stored: LogIdentity, wanted: LogIdentity): void {
  if (stored.origin !== wanted.origin) {
    throw new PosixError(
      'identity-mismatch',
      `the storage directory belongs to the log ${JSON.stringify(stored.origin)}, not ${JSON.stringify(wanted.origin)}: check the origin and the storage directory`,
      { path: LAYOUT.format },
    );
  }
  if (!equalBytes(stored.logId, wanted.logId)) {
    throw new PosixError(
      'identity-mismatch',
      `the log ${JSON.stringify(stored.origin)} in the storage directory has the key with id ${encodeHex(stored.logId).slice(0, 8)}, not ${encodeHex(wanted.logId).slice(0, 8)}: name the key that it was made with; a log never changes its key, so that a keyset whose primary key was rotated is for a new log`,
      { path: LAYOUT.format },
    );
  }
  requireEntries(stored, wanted);
}

function requireEntries(stored: LogIdentity, wanted: LogIdentity): void {
  if (stored.entries === wanted.entries) return;
  const name = (entries: string | undefined): string => (entries === undefined ? 'Rekor' : entries);
  throw new PosixError(
    'identity-mismatch',
    `the log ${JSON.stringify(stored.origin)} in the storage directory holds ${name(stored.entries)} entries, not ${name(wanted.entries)} entries: check the personality and the storage directory`,
    { path: LAYOUT.format },
  );
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    if (bytes.length > MAX_SIZE) throw damaged(undefined);
    const value: unknown = JSON.parse(decodeUtf8(bytes));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(undefined);
    return Object.fromEntries(Object.entries(value));
  } catch (cause) {
    throw cause instanceof PosixError ? cause : damaged(cause);
  }
}

function damaged(cause: unknown): PosixError {
  return new PosixError('corrupt', `${LAYOUT.format} is damaged: put it back from a backup of this directory`, {
    path: LAYOUT.format,
    cause,
  });
}

function isLogId(text: string): boolean {
  return text.length === 2 * LOG_ID_SIZE && /^[0-9a-f]*$/.test(text);
}
