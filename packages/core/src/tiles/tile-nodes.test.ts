import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../bytes/sequences.ts';
import { naiveTree } from '../testing/naive-tree.ts';
import { recordLeaves } from '../testing/record-leaves.ts';
import { TileNodes } from './tile-nodes.ts';

const hashes = recordLeaves(300);
const tree = naiveTree(hashes);

test('any nodes in any order, of full and partial tiles, as hashes and as bytes', () => {
  const node = fc.record({
    height: fc.nat({ max: 7 }),
    place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 256 }),
      fc.boolean(),
      fc.array(node, { maxLength: 40 }),
      (width, raw, asked) => {
        const some = hashes.slice(0, width);
        const nodes = new TileNodes(raw ? concatBytes(...some) : some, 256);
        expect(nodes.width).toBe(width);
        for (const { height, place } of asked) {
          const count = 2 ** height;
          const offset = count * Math.floor(place * Math.floor(width / count));
          if (offset + count > width) continue;
          expect(nodes.root(offset, count)).toEqual(tree.root(offset, offset + count));
        }
      },
    ),
  );
});

test('every node, one after another', () => {
  const nodes = new TileNodes(concatBytes(...hashes.slice(0, 256)), 256);
  for (let count = 1; count < 256; count *= 2) {
    for (let offset = 0; offset < 256; offset += count) {
      expect(nodes.root(offset, count)).toEqual(tree.root(offset, offset + count));
    }
  }
});

test('hashes beyond a full tile are not looked at', () => {
  expect(new TileNodes(hashes, 256).width).toBe(256);
  expect(new TileNodes(concatBytes(...hashes), 256).width).toBe(256);
  expect(new TileNodes(new Uint8Array(32 * 5 + 31), 256).width).toBe(5);
});

test('what it hands out is the caller’s own', () => {
  const bytes = concatBytes(...hashes.slice(0, 256));
  const nodes = new TileNodes(bytes, 256);
  for (const count of [1, 2, 4, 128]) {
    const root = nodes.root(0, count);
    expect(root.buffer.byteLength).toBe(32);
    root.fill(0);
    expect(nodes.root(0, count)).toEqual(tree.root(0, count));
  }
});
