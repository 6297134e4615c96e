import { hash } from 'node:crypto';

/** The MD5 of `bytes` in base64, as Cloud Storage keeps it for every object that was written in one piece. */
export function md5Of(bytes: Uint8Array): string {
  return hash('md5', bytes, 'base64');
}

/**
 * Whether `bytes` are those that `x-goog-hash` tells of. An object that another program put together from pieces has no
 * MD5: the slower CRC-32C then decides. `false` where neither is told: what cannot be checked is not believed.
 */
export function matchesHash(
  bytes: Uint8Array,
  header: string | undefined,
  crc32c: (bytes: Uint8Array) => string,
): boolean {
  const told = new Map((header ?? '').split(',').map((part) => splitOnce(part.trim())));
  const md5 = told.get('md5');
  if (md5 !== undefined) return md5 === md5Of(bytes);
  const crc = told.get('crc32c');
  return crc !== undefined && crc === crc32c(bytes);
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}
