import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { expectCode } from '../testing/expect-code.ts';
import { naiveRoot } from '../testing/naive-tree.ts';
import { decodeEntryBundle } from '../tiles/entry-bundle.ts';
import { parseTilePath } from '../tiles/tile-path.ts';
import { TLOG_TILES } from '../tiles/tile-shape.ts';
import { integrate, joinLeaves, type Leaves } from './integrate.ts';
import { emptyRightEdge, type RightEdge } from './right-edge.ts';

/** Entry number `i` of the test logs. */
function entry(i: number): Uint8Array {
  return encodeUtf8(`record ${i}`);
}

function leaves(from: number, to: number): Leaves {
  const entries = Array.from({ length: to - from }, (_, at) => entry(from + at));
  return { entries, leafHashes: concatBytes(...entries.map((bytes) => leafHash(bytes))) };
}

/** Integrates up to each size in turn; returns the edge and every object ever written. */
function grow(sizes: readonly number[]): { edge: RightEdge; objects: Map<string, Uint8Array> } {
  let edge = emptyRightEdge(TLOG_TILES);
  const objects = new Map<string, Uint8Array>();
  for (const size of sizes) {
    const step = integrate(edge, leaves(edge.tree.size, size), edge.tree.size);
    for (const { path, bytes } of step.writes) {
      const old = objects.get(path);
      if (old !== undefined) expect(bytes).toEqual(old);
      objects.set(path, bytes);
    }
    edge = step.edge;
  }
  return { edge, objects };
}

test('every size up to 600, one entry at a time, has the root of the slow tree', () => {
  let edge = emptyRightEdge(TLOG_TILES);
  const hashes = Array.from({ length: 600 }, (_, i) => leafHash(entry(i)));
  for (let size = 1; size <= 600; size++) {
    edge = integrate(edge, leaves(size - 1, size), size - 1).edge;
    if (size < 20 || size % 37 === 0 || (size > 250 && size < 262) || size === 512)
      expect(edge.tree.root).toEqual(naiveRoot(hashes.slice(0, size)));
  }
});

test('any split into steps gives the same tree, and no path two byte strings', () => {
  const whole = grow([1500]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1499 }), { maxLength: 12 }), (cuts) => {
      const split = grow([...cuts.sort((a, b) => a - b), 1500]);
      expect(split.edge.tree.root).toEqual(whole.edge.tree.root);
      for (const [path, bytes] of whole.objects) expect(split.objects.get(path)).toEqual(bytes);
    }),
    { numRuns: 60 },
  );
});

test('a step that is thrown away leaves the edge as it was', () => {
  const { edge } = grow([300]);
  const other = Array.from({ length: 40 }, (_, i) => encodeUtf8(`other ${i}`));
  const discarded = integrate(edge, { entries: other, leafHashes: concatBytes(...other.map((o) => leafHash(o))) }, 0);
  expect(discarded.tree.size).toBe(340);
  const kept = integrate(edge, leaves(300, 700), 300);
  expect(kept.tree.root).toEqual(grow([700]).edge.tree.root);
});

test('bundles hold the entries, partial ones from their first', () => {
  const { objects } = grow([5, 300]);
  for (const [path, bytes] of objects) {
    const parsed = parseTilePath(path);
    if (parsed.kind !== 'entries') continue;
    const first = parsed.bundle.index * 256;
    expect(decodeEntryBundle(bytes, parsed.bundle.width)).toEqual(
      Array.from({ length: parsed.bundle.width }, (_, at) => entry(first + at)),
    );
  }
  expect([...objects.keys()].sort()).toEqual([
    'tile/0/000',
    'tile/0/000.p/5',
    'tile/0/001.p/44',
    'tile/1/000.p/1',
    'tile/entries/000',
    'tile/entries/000.p/5',
    'tile/entries/001.p/44',
  ]);
});

test('joined runs are one run', () => {
  expect(joinLeaves([leaves(0, 3), leaves(3, 9)])).toEqual(leaves(0, 9));
});

test('entries without a hash each are refused', () => {
  const some = leaves(0, 3);
  const none = { ...some, leafHashes: some.leafHashes.subarray(32) };
  expectCode(() => integrate(emptyRightEdge(), none, 0), CoreError, 'mismatch');
  const half = { ...some, leafHashes: some.leafHashes.subarray(1) };
  expectCode(() => integrate(emptyRightEdge(), half, 0), CoreError, 'mismatch');
});
