import { CoreError } from '../core-error.ts';
import { checkWidth } from './tile-id.ts';

/** The longest entry of a log, in bytes: its length takes 16 bits. */
export const MAX_ENTRY_SIZE = 65_535;

const LENGTH_SIZE = 2;

/**
 * The entries of a bundle of `width` entries, each 0 … 65535 bytes. They are views of `bytes`, not copies.
 *
 * @throws CoreError `out-of-range` for a width outside 1 … 256, `malformed` for truncated entries or bytes left over.
 */
export function decodeEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  checkWidth(width);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const start = at + LENGTH_SIZE;
    const end = start + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (start > bytes.length || end > bytes.length) {
      throw new CoreError('malformed', `the bundle ends within entry ${entries.length} of ${width}`);
    }
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  if (at !== bytes.length) {
    throw new CoreError('malformed', `${bytes.length - at} bytes follow the ${width} entries of the bundle`);
  }
  return entries;
}

/**
 * The bytes of an entry bundle: 1 … 256 times a 16-bit big-endian length and the entry (tlog-tiles, "Log Entries").
 *
 * @throws CoreError `out-of-range` for no entries, more than 256, or one longer than 65535 bytes.
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  checkWidth(entries.length);
  let size = 0;
  for (const [i, entry] of entries.entries()) {
    if (entry.length > MAX_ENTRY_SIZE) {
      throw new CoreError('out-of-range', `entry ${i} has ${entry.length} bytes, the limit is ${MAX_ENTRY_SIZE}`);
    }
    size += LENGTH_SIZE + entry.length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const entry of entries) {
    bytes[at] = Math.floor(entry.length / 256);
    bytes[at + 1] = entry.length % 256;
    bytes.set(entry, at + LENGTH_SIZE);
    at += LENGTH_SIZE + entry.length;
  }
  return bytes;
}
