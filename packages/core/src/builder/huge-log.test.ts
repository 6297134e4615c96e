import { expect, test } from 'vitest';
import { hugeLog } from '../../test/huge-log.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { verifyInclusion } from '../merkle/inclusion-proof.ts';
import { expectCode } from '../testing/expect-code.ts';
import { tilePath } from '../tiles/tile-path.ts';
import { bundlesBetween, tilesBetween, tilesForSize } from '../tiles/tile-range.ts';
import { rightEdgeFromTiles } from './edge-from-tiles.ts';
import { integrate, type Leaves } from './integrate.ts';
import { ProofTable } from './proof-table.ts';

const LARGEST = 2 ** 53 - 1;

test.each([
  [2 ** 32 - 300, 2 ** 32 + 300],
  [2 ** 32, 2 ** 32 + 1],
  [2 ** 40 - 1, 2 ** 40],
  [2 ** 48 - 1, 2 ** 48 + 70_000],
  [LARGEST - 600, LARGEST - 1],
  [LARGEST - 256, LARGEST],
  [LARGEST - 1, LARGEST],
])('a log goes on from %d to %d entries as the slow algorithm has it', (from, to) => {
  const log = hugeLog(to, [from - 1, from, to - 1]);
  const object = (path: string) => log.read(path) ?? new Uint8Array(0);
  const tiles = tilesForSize(from).map((tile) => object(tilePath(tile)));
  const entriesOf = (start: number, end: number) =>
    Array.from({ length: end - start }, (_, i) => log.entryAt(start + i));
  const edge = rightEdgeFromTiles(log.treeAt(from), tiles, entriesOf(from - (from % 256), from));

  const entries = entriesOf(from, to);
  const leaves: Leaves = { entries, leafHashes: concatBytes(...entries.map((entry) => leafHash(entry))) };
  const grown = integrate(edge, leaves, from);
  expect(grown.tree).toEqual(log.tree);
  for (const { path, bytes } of grown.writes) {
    if (Buffer.compare(bytes, object(path)) !== 0) expect({ path, bytes }).toBeUndefined();
  }
  expect(grown.writes.length).toBe(tilesBetween(from, to).length + bundlesBetween(from, to).length);

  const table = new ProofTable(grown.edge);
  for (const index of [from, Math.floor((from + to) / 2), to - 1]) {
    const leaf = leafHash(log.entryAt(index));
    expect(table.covers(index) && table.verify(index, leaf)).toBe(true);
    expect(table.proof(index)).toEqual(log.slow.inclusion(index, to));
    verifyInclusion(leaf, index, log.tree, table.proof(index));
  }

  const over = LARGEST - to + 1;
  if (over > 1000) return;
  const more = Array.from({ length: over }, () => Uint8Array.of(0));
  const tooMany = { entries: more, leafHashes: concatBytes(...more.map((entry) => leafHash(entry))) };
  expectCode(() => integrate(grown.edge, tooMany, to), CoreError, 'out-of-range');
});
