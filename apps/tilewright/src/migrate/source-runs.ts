import { type TileSource, TreeReader } from '@tilewright/client';
import type { Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { ahead } from '@tilewright/core/reader';
import { TILE_WIDTH } from '@tilewright/core/tiles';

/** Consecutive entries of the source, each proved by its signed tree. */
export interface Run {
  readonly first: number;
  readonly entries: readonly Uint8Array[];
  readonly leafHashes: readonly Hash[];
}

/** How the source is read. */
export interface Reading {
  /** Bundles fetched at a time, each up to 16 MiB. */
  readonly parallel: number;
  readonly signal: AbortSignal;
}

/**
 * The entries of a signed tree from index `from` on, a bundle at a time and in order. An entry that the root does not prove is
 * never handed out: what was appended cannot be taken back.
 *
 * @throws ClientError `missing`, `malformed`, `inconsistent`, what the source throws
 */
export async function* sourceRuns(source: TileSource, tree: Tree, from: number, how: Reading): AsyncGenerator<Run> {
  const reader = new TreeReader(source, tree);
  const firstBundle = Math.floor(from / TILE_WIDTH);
  const count = Math.ceil(tree.size / TILE_WIDTH) - firstBundle;
  const bundles = ahead(count, how.parallel, (i) => reader.bundle(firstBundle + i, how.signal));
  let next = firstBundle * TILE_WIDTH;
  for await (const bundle of bundles) {
    const first = Math.max(next, from);
    const items = bundle.slice(first - next);
    next += bundle.length;
    if (items.length === 0) continue;
    yield { first, entries: items.map(({ data }) => data), leafHashes: items.map(({ leafHash }) => leafHash) };
  }
}
