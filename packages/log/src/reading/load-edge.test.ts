import { emptyRightEdge, integrate, type Leaves, nodeAt, ProofTable, type RightEdge } from '@tilewright/core/builder';
import { asTreeSize, concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { EMPTY_ROOT, leafHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { naiveTree } from '@tilewright/core/testing';
import { TLOG_TILES, tilePath } from '@tilewright/core/tiles';
import { beforeAll, expect, test } from 'vitest';
import type { LogError } from '../log-error.ts';
import { loadEdge } from './load-edge.ts';
import type { ObjectReader } from './read-objects.ts';

const SIZE = 600;
const entry = (i: number) => encodeUtf8(`record ${i}`);
const hashes = Array.from({ length: 65_792 }, (_, i) => leafHash(entry(i)));
const slow = naiveTree(hashes.slice(0, SIZE));

function leaves(from: number, to: number): Leaves {
  return {
    entries: Array.from({ length: to - from }, (_, at) => entry(from + at)),
    leafHashes: concatBytes(...hashes.slice(from, to)),
  };
}

/** The objects of a log that integrated up to each of these sizes in turn. */
function stored(...sizes: number[]): { edge: RightEdge; objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  let edge = emptyRightEdge(TLOG_TILES);
  for (const size of sizes) {
    const step = integrate(edge, leaves(edge.tree.size, size), edge.tree.size);
    for (const { path, bytes } of step.writes) objects.set(path, bytes);
    edge = step.edge;
  }
  return { edge, objects };
}

const reader = (objects: ReadonlyMap<string, Uint8Array>): ObjectReader => ({
  read: async (path) => objects.get(path)?.slice(),
});

const each = Array.from({ length: SIZE }, (_, i) => i + 1);
const whole = (): Tree => ({ size: asTreeSize(SIZE), root: slow.root(0, SIZE) });
let every: ReadonlyMap<string, Uint8Array>;
let wide: ReadonlyMap<string, Uint8Array>;
beforeAll(() => {
  every = stored(...each).objects;
  wide = stored(SIZE).objects;
});

test('an edge loaded at any size is the edge that grew there: root, nodes, tail, proofs, and what follows', async () => {
  for (const size of each) {
    const tree = { size: asTreeSize(size), root: slow.root(0, size) };
    const edge = await loadEdge(reader(every), tree, TLOG_TILES);
    expect(edge.tree).toEqual(tree);
    expect(edge.tail).toEqual(leaves(size - (size % 256), size).entries);
    for (const [level, window] of edge.levels.entries()) {
      expect(window.count).toBe(Math.floor(size / 2 ** level));
      for (let i = window.base; i < window.count; i++) {
        expect(nodeAt(window, i)).toEqual(slow.root(i * 2 ** level, (i + 1) * 2 ** level));
      }
    }
    const table = new ProofTable(edge);
    expect(table.covers(size - 1) && table.verify(size - 1, hashes[size - 1] ?? EMPTY_ROOT)).toBe(true);
    const next = Math.min(SIZE, size + 1 + (size % 300));
    const step = integrate(edge, leaves(size, next), size);
    expect(step.tree.root).toEqual(slow.root(0, next));
    for (const { path, bytes } of step.writes) if (every.has(path)) expect(bytes).toEqual(every.get(path));
  }
});

test.each(['tile/0/002.p/88', 'tile/1/000.p/2'])('%s missing is named', async (path) => {
  const objects = new Map(wide);
  objects.delete(path);
  await expect(loadEdge(reader(objects), whole(), TLOG_TILES)).rejects.toMatchObject({ code: 'corrupt', path });
});

test.each([
  ['tile/0/002.p/88', 88 * 32 - 1],
  ['tile/1/000.p/2', 0],
  ['tile/0/002.p/88', 88 * 32 + 32],
])('%s of %i bytes is named', async (path, length) => {
  const objects = new Map(wide);
  const bytes = new Uint8Array(length);
  bytes.set((objects.get(path) ?? bytes).subarray(0, length));
  objects.set(path, bytes);
  await expect(loadEdge(reader(objects), whole(), TLOG_TILES)).rejects.toMatchObject({ code: 'corrupt', path });
});

/** Damages one bit of `path` at a time, here and there, and expects that opening names one of `claimed`. */
async function expectFound(size: number, path: string, claimed: readonly string[]): Promise<void> {
  const { objects, edge } = stored(size);
  const whole = objects.get(path);
  if (whole === undefined) throw new Error(`${path} was not written`);
  for (const at of [0, Math.floor(whole.length / 2), whole.length - 1]) {
    const bytes = whole.slice();
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    const failure = await loadEdge(reader(new Map(objects).set(path, bytes)), edge.tree, TLOG_TILES).catch(
      (error) => error,
    );
    expect(failure).toMatchObject({ code: 'corrupt' });
    expect(claimed).toContain((failure as LogError).path);
  }
}

test.each([
  [300, 'tile/0/001.p/44'],
  [300, 'tile/entries/001.p/44'],
  [300, 'tile/1/000.p/1'],
  [512, 'tile/0/001'],
  [512, 'tile/entries/001'],
  // Of these the root says nothing: a tree that went on from them would be a fork.
  [256, 'tile/1/000.p/1'],
  [512, 'tile/1/000.p/2'],
  [65_536, 'tile/2/000.p/1'],
  [65_792, 'tile/1/001.p/1'],
])('at size %i any flipped bit of %s is found', async (size, path) => {
  const lowest = tilePath({ level: 0, index: Math.ceil(size / 256) - 1, width: ((size - 1) % 256) + 1 });
  // Of a tile and the one above it that do not fit nobody knows which is damaged.
  await expectFound(size, path, [path, lowest, 'tile/1/000.p/2']);
});

test('the empty log has an edge without any tile', async () => {
  const edge = await loadEdge(reader(new Map()), { size: asTreeSize(0), root: EMPTY_ROOT }, TLOG_TILES);
  expect(edge).toEqual(emptyRightEdge(TLOG_TILES));
});
