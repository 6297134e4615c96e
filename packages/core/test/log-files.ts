import type { Hash } from '../src/bytes/hash-value.ts';
import { asTreeSize } from '../src/bytes/tree-numbers.ts';
import { encodeUtf8 } from '../src/bytes/utf8.ts';
import { leafHash } from '../src/hash/tree-hash.ts';
import type { Tree } from '../src/merkle/tree.ts';
import { naiveTileLevels, naiveTiles } from '../src/testing/naive-tiles.ts';
import { type NaiveTree, naiveTree } from '../src/testing/naive-tree.ts';
import { encodeEntryBundle } from '../src/tiles/entry-bundle.ts';
import { encodeHashTile } from '../src/tiles/hash-tile.ts';
import { bundlePath, tilePath } from '../src/tiles/tile-path.ts';
import { bundlesBetween, tilesBetween } from '../src/tiles/tile-range.ts';

/** A log in memory as the slow algorithms make it. */
export interface LogFiles {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly slow: NaiveTree;
  readonly leaves: readonly Hash[];
  treeAt(size: number): Tree;
}

/** Entry `i` of every such log: of varying length, also empty. */
export function logEntry(i: number): Uint8Array<ArrayBuffer> {
  return encodeUtf8(i % 97 === 96 ? '' : `entry ${i} ${'.'.repeat(i % 13)}`);
}

/** All objects of a log of `size` entries that `bundleOf` makes the runs of entries of. */
export function logFiles(
  leaves: readonly Hash[],
  bundleOf: (start: number, end: number) => { readonly path: string; readonly bytes: Uint8Array },
): LogFiles {
  const size = leaves.length;
  const tileAt = naiveTiles(naiveTileLevels(leaves));
  const slow = naiveTree(leaves);
  const files = new Map<string, Uint8Array>();
  for (const tile of tilesBetween(0, size)) {
    files.set(tilePath(tile), encodeHashTile(tileAt(tile.level, tile.index).slice(0, tile.width)));
  }
  for (const { index, width } of bundlesBetween(0, size)) {
    const { path, bytes } = bundleOf(256 * index, 256 * index + width);
    files.set(path, bytes);
  }
  return { files, slow, leaves, treeAt: (at) => ({ size: asTreeSize(at), root: slow.root(0, at) }) };
}

/** A tlog-tiles log of `size` entries. */
export function entryLog(size: number): LogFiles {
  const entries = Array.from({ length: size }, (_, i) => logEntry(i));
  return logFiles(entries.map(leafHash), (start, end) => ({
    path: bundlePath({ index: start / 256, width: end - start }),
    bytes: encodeEntryBundle(entries.slice(start, end)),
  }));
}
