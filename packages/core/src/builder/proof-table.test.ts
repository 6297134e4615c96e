import { expect, test } from 'vitest';
import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { verifyInclusion } from '../merkle/inclusion-proof.ts';
import { TLOG_TILES } from '../tiles/tile-shape.ts';
import { integrate } from './integrate.ts';
import { ProofTable } from './proof-table.ts';
import { emptyRightEdge, type RightEdge } from './right-edge.ts';

const hashOf = (i: number) => leafHash(encodeUtf8(`record ${i}`));

function grow(edge: RightEdge, to: number, keep: number): RightEdge {
  const entries = Array.from({ length: to - edge.tree.size }, (_, at) => encodeUtf8(`record ${edge.tree.size + at}`));
  return integrate(edge, { entries, leafHashes: concatBytes(...entries.map((e) => leafHash(e))) }, keep).edge;
}

test.each([
  [0, 1],
  [0, 255],
  [255, 256],
  [256, 257],
  [200, 700],
  [511, 513],
  [1000, 1024],
  [65_530, 65_540],
])('entries %i to %i are proved from the edge, and what is proved verifies', (from, to) => {
  const before = grow(emptyRightEdge(TLOG_TILES), from, from);
  const edge = grow(before, to, from);
  const table = new ProofTable(edge);
  for (let index = from; index < to; index++) {
    expect(table.covers(index)).toBe(true);
    expect(table.verify(index, hashOf(index))).toBe(true);
    verifyInclusion(hashOf(index), index, edge.tree, table.proof(index));
  }
});

test('another leaf is not proved, before and after its neighbours were', () => {
  const edge = grow(emptyRightEdge(TLOG_TILES), 300, 0);
  const table = new ProofTable(edge);
  expect(table.verify(7, hashOf(8))).toBe(false);
  for (let index = 0; index < 300; index++) expect(table.verify(index, hashOf(index))).toBe(true);
  expect(table.verify(7, hashOf(8))).toBe(false);
  expect(table.verify(299, hashOf(0))).toBe(false);
});

test('a damaged node in memory is found by whichever proof needs it', () => {
  const edge = grow(emptyRightEdge(TLOG_TILES), 64, 0);
  const leaf = edge.levels[0];
  if (leaf === undefined) throw new Error('no leaves');
  leaf.bytes[10 * 32] = (leaf.bytes[10 * 32] ?? 0) ^ 1;
  const table = new ProofTable(edge);
  expect(table.verify(10, hashOf(10))).toBe(true);
  expect(table.verify(11, hashOf(11))).toBe(false);
});

test('entries that the edge has given up are not covered', () => {
  let edge = emptyRightEdge(TLOG_TILES);
  for (let size = 100; size <= 5000; size += 100) edge = grow(edge, size, size - 100);
  expect(new ProofTable(edge).covers(0)).toBe(false);
  expect(new ProofTable(edge).covers(4999)).toBe(true);
});
