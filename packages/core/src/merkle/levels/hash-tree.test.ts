import { expect, test } from 'vitest';
import { concatBytes } from '../../bytes/sequences.ts';
import { CoreError } from '../../core-error.ts';
import { selectBackend } from '../../hash/active-backend.ts';
import { EMPTY_ROOT } from '../../hash/tree-hash.ts';
import { expectCode } from '../../testing/expect-code.ts';
import { naiveTree } from '../../testing/naive-tree.ts';
import { recordLeaves } from '../../testing/record-leaves.ts';
import { CompactRange } from '../compact-range.ts';
import { hashTree } from './hash-tree.ts';

const leaves = recordLeaves(70_000);
const tree = naiveTree(leaves);
const side = concatBytes(...leaves);
const first = (size: number) => side.subarray(0, 32 * size);

const SIZES = [
  ...Array.from({ length: 261 }, (_, size) => size),
  ...[2048, 4096, 65_536].flatMap((size) => [size - 2, size - 1, size, size + 1, size + 2]),
  65_536 + 2048 - 1,
  65_536 + 2048 + 3,
  70_000,
];

test('the root of every size up to 260, and around every power of two that matters', () => {
  for (const size of SIZES) expect(hashTree(first(size))).toEqual(tree.root(0, size));
});

test('the same by every backend', () => {
  try {
    for (const name of ['javascript', 'wasm-simd', 'node'] as const) {
      selectBackend(name);
      for (const size of [0, 1, 2, 3, 7, 100, 2049, 5000]) expect(hashTree(first(size))).toEqual(tree.root(0, size));
    }
  } finally {
    selectBackend('fastest');
  }
});

test('the leaves stay as they are, and the root is no view of them', () => {
  const kept = side.slice();
  for (const size of [1, 2, 3000]) {
    const root = hashTree(first(size));
    expect(root.buffer.byteLength).toBe(32);
    expect(root.buffer).not.toBe(side.buffer);
  }
  expect(Buffer.compare(side, kept)).toBe(0);
});

test('no leaves have the empty root, in an array of their own or none', () => {
  expect(hashTree(new Uint8Array(0))).toEqual(EMPTY_ROOT);
});

test.each([1, 31, 33, 65])('%i bytes are no leaf hashes', (length) => {
  expectCode(() => hashTree(new Uint8Array(length)), CoreError, 'mismatch');
  expectCode(() => CompactRange.empty().extend(new Uint8Array(length)), CoreError, 'mismatch');
});

test('a compact range grows by bytes as it grows by hashes, from any size', () => {
  for (const size of [0, 1, 2, 3, 7, 255, 256, 1000, 2047, 2048, 2049, 4095]) {
    const range = CompactRange.from(size, CompactRange.empty().extend(leaves.slice(0, size)).hashes);
    for (const count of [0, 1, 2, 3, 4, 5, 16, 17, 100, 2047, 2048, 2049, 4097]) {
      const bytes = side.subarray(32 * size, 32 * (size + count));
      const grown = range.extend(bytes);
      expect(grown.size).toBe(size + count);
      expect(grown.root()).toEqual(tree.root(0, size + count));
      expect(grown).toEqual(range.extend(leaves.slice(size, size + count)));
      for (const hash of grown.hashes) expect(hash.buffer.byteLength).toBe(32);
    }
  }
});
