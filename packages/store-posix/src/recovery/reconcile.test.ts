import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { describe, expect, test } from 'vitest';
import type { RegisterReading } from '../register/register.ts';
import { reconcile } from './reconcile.ts';

const tree = (size: number, mark = ''): Tree => ({
  size: asTreeSize(size),
  root: sha256(encodeUtf8(`${size}${mark}`)),
});
const whole = (of: Tree, epoch = 3): RegisterReading => ({ value: { tree: of, epoch }, damaged: false });
/** One slot is lost: the other may be older. */
const half = (of: Tree, epoch = 3): RegisterReading => ({ value: { tree: of, epoch }, damaged: true });
const lost: RegisterReading = { value: undefined, damaged: true };

test('registers and checkpoint that agree are taken as they are', () => {
  const found = reconcile({ tree: whole(tree(5)), floor: whole(tree(4)) }, tree(3));
  expect(found).toEqual({ tree: tree(5), floor: tree(4), epoch: 3, repairs: [] });
});

describe('refused', () => {
  test.each([
    ['a floor above the tree', whole(tree(4)), whole(tree(5)), tree(3)],
    ['a floor with another root than the tree', whole(tree(5)), whole(tree(5, 'other')), tree(3)],
    ['a checkpoint above the floor', whole(tree(6)), whole(tree(4)), tree(5)],
    ['a checkpoint with another root than the floor', whole(tree(6)), whole(tree(4)), tree(4, 'other')],
    ['a tree of an earlier opening than the floor', whole(tree(6), 2), whole(tree(5), 3), tree(5)],
    ['both registers lost', lost, lost, tree(5)],
  ])('%s', (_, treeRegister, floor, checkpoint) => {
    expect(() => reconcile({ tree: treeRegister, floor }, checkpoint)).toThrow(
      expect.objectContaining({ name: 'PosixError', code: 'corrupt' }),
    );
  });
});

test.each([
  ['a tree whose newer slot is lost is at least the floor', half(tree(4)), whole(tree(5)), tree(5), [5, 5]],
  ['a tree that is lost is the floor', lost, whole(tree(5)), tree(5), [5, 5]],
  ['a floor whose newer slot is lost is as high as the tree', whole(tree(6)), half(tree(4)), tree(5), [6, 6]],
  ['a floor that is lost is as high as the tree', whole(tree(6)), lost, tree(5), [6, 6]],
  ['where both are damaged, the checkpoint counts too', half(tree(4)), half(tree(4)), tree(5), [5, 5]],
] as const)('%s', (_, treeRegister, floor, checkpoint, sizes) => {
  const found = reconcile({ tree: treeRegister, floor }, checkpoint);
  expect([found.tree.size, found.floor.size]).toEqual(sizes);
});
