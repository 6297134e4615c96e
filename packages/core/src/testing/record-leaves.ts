import type { Hash } from '../bytes/hash-value.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { leafHash } from '../hash/tree-hash.ts';

/** `count` leaf hashes, of the entries `record 0`, `record 1`, …, which the project's vectors use too. */
export function recordLeaves(count: number): Hash[] {
  return Array.from({ length: count }, (_, i) => leafHash(encodeUtf8(`record ${i}`)));
}
