import { asTreeSize, concatBytes, type Hash } from '@tilewright/core/bytes';
import { leafHash, nodeHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';

/** A tree of 2^30 leaves that are all the same: deeper than trees in use, and each complete subtree is known by its height. */
export interface EqualLeaves {
  readonly tree: Tree;
  readonly leaf: Hash;
  /** Root of the complete subtree of 2^height leaves. */
  complete(height: number): Hash;
  /** The bytes of a full tile, or of the one at the top. */
  tile(level: number): Uint8Array;
}

const HEIGHT = 30;

/** Every entry of the tree. */
export const EQUAL_ENTRY: Uint8Array<ArrayBuffer> = new TextEncoder().encode('the same');

/** The tree, with all that is known of it. */
export function equalLeaves(): EqualLeaves {
  const leaf = leafHash(EQUAL_ENTRY);
  const roots = [leaf];
  let last = leaf;
  for (let height = 1; height <= HEIGHT; height++) {
    last = nodeHash(last, last);
    roots.push(last);
  }
  const complete = (height: number): Hash => {
    const root = roots[height];
    if (root === undefined) throw new RangeError(`the tree is not ${height} levels high`);
    return root;
  };
  const tiles = [0, 8, 16, 24].map((height) =>
    concatBytes(...new Array<Hash>(Math.min(256, 2 ** (HEIGHT - height))).fill(complete(height))),
  );
  return {
    tree: { size: asTreeSize(2 ** HEIGHT), root: complete(HEIGHT) },
    leaf,
    complete,
    tile: (level) => tiles[level] ?? new Uint8Array(0),
  };
}
