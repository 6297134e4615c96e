import { asTreeSize } from '../src/bytes/tree-numbers.ts';
import { leafHash } from '../src/hash/tree-hash.ts';
import type { Tree } from '../src/merkle/tree.ts';
import type { NaiveTree } from '../src/testing/naive-tree.ts';
import { uniformTree } from '../src/testing/uniform-tree.ts';
import { encodeEntryBundle } from '../src/tiles/entry-bundle.ts';
import { encodeHashTile } from '../src/tiles/hash-tile.ts';
import { parseTilePath } from '../src/tiles/tile-path.ts';

/** A log of any size up to 2^53-1 whose objects are made when they are read. */
export interface HugeLog {
  readonly slow: NaiveTree;
  readonly tree: Tree;
  entryAt(index: number): Uint8Array;
  treeAt(size: number): Tree;
  /** Every object of the log at its size and at every size before. */
  read(path: string): Uint8Array | undefined;
}

const ORDINARY = Uint8Array.of(0);

/** All entries are one zero byte, but for those at `marked`, which are their index in decimal. */
export function hugeLog(size: number, marked: readonly number[] = []): HugeLog {
  const special = new Map(marked.map((index) => [index, new TextEncoder().encode(String(index))]));
  const hashes = new Map([...special].map(([index, entry]) => [index, leafHash(entry)]));
  const slow = uniformTree(leafHash(ORDINARY), hashes);
  const entryAt = (index: number) => special.get(index) ?? ORDINARY;
  const treeAt = (at: number): Tree => ({ size: asTreeSize(at), root: slow.root(0, at) });

  function read(path: string): Uint8Array | undefined {
    const parts = parseTilePath(path);
    const { level, index, width } = parts.kind === 'hash' ? parts.tile : { level: 0, ...parts.bundle };
    const span = 256n ** BigInt(level);
    const end = (BigInt(index) * 256n + BigInt(width)) * span;
    if (end > BigInt(size)) return undefined;
    const at = (i: number) => Number((BigInt(index) * 256n + BigInt(i)) * span);
    const places = Array.from({ length: width }, (_, i) => at(i));
    if (parts.kind === 'entries') return encodeEntryBundle(places.map(entryAt));
    return encodeHashTile(places.map((start) => slow.root(start, start + Number(span))));
  }

  return { slow, tree: treeAt(size), entryAt, treeAt, read };
}
