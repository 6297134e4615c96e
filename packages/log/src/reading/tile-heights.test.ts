import { emptyRightEdge, integrate, type Leaves, nodeAt, ProofTable } from '@tilewright/core/builder';
import { asTreeSize, concatBytes, encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { naiveTileLevels, naiveTree } from '@tilewright/core/testing';
import { bundlePath, decodeEntryBundle, encodeEntryBundle, tilePath, tileShape } from '@tilewright/core/tiles';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completedBetween } from '../stages/collector.ts';
import { continues } from './continues.ts';
import { loadEdge } from './load-edge.ts';
import { proveEntry } from './prove-entry.ts';
import type { ObjectReader } from './read-objects.ts';

type Objects = Map<string, Uint8Array>;

const note = new Uint8Array(0);
const reader = (objects: ReadonlyMap<string, Uint8Array>): ObjectReader => ({
  read: async (path) => objects.get(path)?.slice(),
});

describe.each([
  [1, 70],
  [2, 70],
  [3, 90],
  [8, 600],
])('tiles of height %i, up to %i entries', (height, most) => {
  const shape = tileShape(height);
  const { width: full } = shape;
  const entries = Array.from({ length: most }, (_, i) => encodeUtf8(`record ${i}`));
  const hashes = entries.map((bytes) => leafHash(bytes));
  const slow = naiveTree(hashes);
  const treeAt = (size: number) => ({ size: asTreeSize(size), root: slow.root(0, size) });
  const sizes = fc.uniqueArray(fc.integer({ min: 1, max: most }), { minLength: 1, maxLength: 12 });
  const leaves = (from: number, to: number): Leaves => ({
    entries: entries.slice(from, to),
    leafHashes: concatBytes(...hashes.slice(from, to)),
  });

  /** What the slow algorithm stores of a tree of `size`: every tile and bundle, as wide as it is there. */
  function slowObjects(size: number): Objects {
    const objects: Objects = new Map();
    for (const [level, all] of naiveTileLevels(hashes.slice(0, size), full).entries()) {
      for (let index = 0; index * full < all.length; index++) {
        const some: Hash[] = all.slice(index * full, (index + 1) * full);
        objects.set(tilePath({ level, index, width: some.length }, shape), concatBytes(...some));
      }
    }
    for (let index = 0; index * full < size; index++) {
      const some = entries.slice(index * full, Math.min(size, (index + 1) * full));
      objects.set(bundlePath({ index, width: some.length }, shape), encodeEntryBundle(some));
    }
    return objects;
  }

  test('what any steps write is what the slow algorithm stores at their sizes, and nothing else', () => {
    fc.assert(
      fc.property(sizes, fc.nat(most), (cuts, kept) => {
        let edge = emptyRightEdge(shape);
        const written: Objects = new Map();
        const expected: Objects = new Map();
        for (const size of cuts.sort((a, b) => a - b)) {
          const from = edge.tree.size;
          const step = integrate(edge, leaves(from, size), Math.max(0, from - kept));
          const known = new Set(slowObjects(from).keys());
          const paths = [...slowObjects(size).keys()].filter((path) => !known.has(path));
          expect(step.writes.map(({ path }) => path).sort()).toEqual(paths.sort());
          for (const { path, bytes } of step.writes) written.set(path, bytes);
          for (const [path, bytes] of slowObjects(size)) expected.set(path, bytes);
          edge = step.edge;
          expect(edge.tree).toEqual(treeAt(size));
          expect(edge.tail).toEqual(entries.slice(size - (size % full), size));
        }
        expect(written).toEqual(expected);
      }),
      { numRuns: height === 8 ? 10 : 60 },
    );
  });

  test('new entries are proved from the edge, as the slow algorithm proves them', () => {
    fc.assert(
      fc.property(sizes, (cuts) => {
        let edge = emptyRightEdge(shape);
        for (const size of cuts.sort((a, b) => a - b)) {
          const from = edge.tree.size;
          edge = integrate(edge, leaves(from, size), from).edge;
          const table = new ProofTable(edge);
          for (let index: number = from; index < size; index += height === 8 ? 41 : 1) {
            expect(table.covers(index) && table.verify(index, hashes[index] as Hash)).toBe(true);
            expect(table.proof(index)).toEqual(slow.inclusion(index, size));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  const every = Array.from({ length: most }, (_, i) => i + 1);
  const some = height === 8 ? every.filter((size) => size % 29 === 0 || Math.abs((size % 256) - 1) < 2) : every;

  test('an edge loaded at any size is the one that grew there, and grows on alike', async () => {
    for (const size of some) {
      const edge = await loadEdge(reader(slowObjects(size)), treeAt(size), shape);
      expect(edge.tree).toEqual(treeAt(size));
      expect(edge.tail).toEqual(entries.slice(size - (size % full), size));
      for (const [level, window] of edge.levels.entries()) {
        expect(window.count).toBe(Math.floor(size / 2 ** level));
        for (let i = window.base; i < window.count; i++) {
          expect(nodeAt(window, i)).toEqual(slow.root(i * 2 ** level, (i + 1) * 2 ** level));
        }
      }
      const next = Math.min(most, size + 1 + (size % (3 * full)));
      const step = integrate(edge, leaves(size, next), size);
      expect(step.tree).toEqual(treeAt(next));
      const stored = slowObjects(next);
      for (const { path, bytes } of step.writes) expect(bytes).toEqual(stored.get(path));
    }
  });

  test('what continues every earlier size, and every entry with its proof, from the tiles of the whole log alone', async () => {
    const objects = reader(slowObjects(most));
    for (const size of some) {
      expect(await continues(objects, treeAt(most), treeAt(size), shape)).toBe(true);
      expect(await continues(objects, treeAt(most), { ...treeAt(size), root: leafHash(note) }, shape)).toBe(false);
      const stored = reader(slowObjects(size));
      for (let index = size % 7; index < size; index += height === 8 ? 61 : 7) {
        const proven = await proveEntry(stored, { tree: treeAt(size), note }, index, undefined, height);
        expect(proven.proof).toEqual(slow.inclusion(index, size));
        expect(proven.entry).toEqual(entries[index]);
      }
    }
  });

  test('any flipped bit of what an opening reads is found', async () => {
    for (const size of some.filter((n) => height < 8 || n % 256 < 2)) {
      const objects = slowObjects(size);
      const read = new Set<string>();
      await loadEdge({ read: async (path) => read.add(path) && objects.get(path) }, treeAt(size), shape);
      expect(read.size).toBeGreaterThanOrEqual(2);
      for (const path of read) {
        const bytes = objects.get(path)?.slice() ?? new Uint8Array(0);
        const at = (size * 37) % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ 4;
        const damaged = reader(new Map(objects).set(path, bytes));
        await expect(loadEdge(damaged, treeAt(size), shape)).rejects.toMatchObject({ code: 'corrupt' });
      }
    }
  });

  test('what is completed between two sizes is full at the one and was not at the other', () => {
    const fullAt = (size: number): string[] => [...slowObjects(size).keys()].filter((path) => !path.includes('.p/'));
    fc.assert(
      fc.property(fc.nat(most), fc.nat(most), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const before = new Set(fullAt(from));
        const expected = fullAt(to).filter((path) => !before.has(path));
        expect(
          completedBetween(from, to, shape)
            .map(({ path }) => path)
            .sort(),
        ).toEqual(expected.sort());
      }),
      { numRuns: 40 },
    );
  });

  test('a bundle holds its entries, the first of them first', () => {
    const { writes } = integrate(emptyRightEdge(shape), leaves(0, full + 1), 0);
    const bundles = writes.filter(({ path }) => path.startsWith('tile/entries/'));
    expect(bundles.map(({ path }) => path)).toEqual(['tile/entries/000', 'tile/entries/001.p/1']);
    const widths = [full, 1];
    expect(bundles.flatMap(({ bytes }, at) => decodeEntryBundle(bytes, widths[at] ?? 0))).toEqual(
      entries.slice(0, full + 1),
    );
  });
});
