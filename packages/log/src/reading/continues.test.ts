import { emptyRightEdge, integrate, type RightEdge } from '@tilewright/core/builder';
import { asTreeSize, concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { naiveTree } from '@tilewright/core/testing';
import { TLOG_TILES, tileShape } from '@tilewright/core/tiles';
import { beforeAll, expect, test } from 'vitest';
import { continues } from './continues.ts';
import type { ObjectReader } from './read-objects.ts';

const SIZE = 600;
const texts = Array.from({ length: SIZE }, (_, i) => `record ${i}`);
const slow = naiveTree(texts.map((text) => leafHash(encodeUtf8(text))));
const treeAt = (size: number): Tree => ({ size: asTreeSize(size), root: slow.root(0, size) });
const now = treeAt(SIZE);

function grow(edge: RightEdge, added: readonly string[], objects: Map<string, Uint8Array>): RightEdge {
  const entries = added.map((text) => encodeUtf8(text));
  const step = integrate(edge, { entries, leafHashes: concatBytes(...entries.map((entry) => leafHash(entry))) }, 0);
  for (const { path, bytes } of step.writes) {
    if (!objects.has(path)) objects.set(path, bytes);
  }
  return step.edge;
}

const reader = (objects: ReadonlyMap<string, Uint8Array>): ObjectReader => ({
  read: async (path) => objects.get(path),
});

const objects = new Map<string, Uint8Array>();
beforeAll(() => {
  grow(emptyRightEdge(TLOG_TILES), texts, objects);
});

test('a log continues itself as it was at every size, partials collected or never written', async () => {
  for (let size = 0; size <= SIZE; size++) {
    expect(await continues(reader(objects), now, treeAt(size), TLOG_TILES)).toBe(true);
    const other = { size: asTreeSize(size), root: leafHash(encodeUtf8('another')) };
    expect(await continues(reader(objects), now, other, TLOG_TILES)).toBe(false);
  }
});

test('a smaller log continues no larger one', async () => {
  expect(await continues(reader(objects), treeAt(300), now, TLOG_TILES)).toBe(false);
});

test('a partial tile of the other branch is no evidence', async () => {
  const shape = tileShape(3);
  const both = new Map<string, Uint8Array>();
  const trunk = grow(emptyRightEdge(shape), ['a'], both);
  const left = grow(trunk, ['b', 'c'], both);
  const right = grow(trunk, ['d', 'e', 'f', 'g'], both);
  expect(both.has('tile/0/000.p/3')).toBe(true);
  expect(await continues(reader(both), right.tree, trunk.tree, shape)).toBe(true);
  expect(await continues(reader(both), right.tree, left.tree, shape)).toBe(false);
});

test('tiles of a tree that is not the one claimed prove nothing', async () => {
  const claimed = { size: now.size, root: slow.root(0, SIZE - 1) };
  expect(await continues(reader(objects), claimed, treeAt(300), TLOG_TILES)).toBe(false);
});

test.each([
  ['tile/0/000', 100],
  ['tile/0/001', 300],
  ['tile/0/002.p/88', 300],
])('%s missing is named when the tree is held to size %i', async (path, size) => {
  const less = new Map(objects);
  less.delete(path);
  const proving = continues(reader(less), now, treeAt(size), TLOG_TILES);
  await expect(proving).rejects.toMatchObject({ code: 'corrupt', path });
});

test('a full tile as short as the partial it replaced is named', async () => {
  const short = new Map(objects).set(
    'tile/0/001',
    objects.get('tile/0/001')?.subarray(0, 44 * 32) ?? new Uint8Array(0),
  );
  const proving = continues(reader(short), now, treeAt(300), TLOG_TILES);
  await expect(proving).rejects.toMatchObject({ code: 'corrupt', path: 'tile/0/001' });
});
