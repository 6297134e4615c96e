import { asTreeSize, encodeUtf8, type Hash } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash, sha256 } from '@tilewright/core/hash';
import { proveConsistency, proveSubtree, type Tree } from '@tilewright/core/merkle';
import { formatVerifierKey, type NoteSigner, signNote } from '@tilewright/core/note';
import { naiveTree } from '@tilewright/core/testing';
import { formatAddCheckpoint } from '@tilewright/core/witness';
import { noteSignerOf, privateKeyFromSeed } from '@tilewright/signer';

/** A log that is only its tree: what a witness is asked for is signed by its key. */
export interface TestLog {
  readonly origin: string;
  readonly vkey: string;
  readonly signer: NoteSigner;
  /** Its tree at a size, 0 to 300. */
  tree(size: number): Tree;
  /** Its signed checkpoint at a size. */
  checkpoint(size: number, extensions?: readonly string[]): Promise<Uint8Array>;
  /** The consistency proof between two sizes. */
  proof(oldSize: number, size: number): readonly Hash[];
  /** Hash and proof of a subtree in the tree of a size. */
  subtree(start: number, end: number, size: number): { readonly hash: Hash; readonly proof: readonly Hash[] };
  /** The body of an add-checkpoint request. */
  request(oldSize: number, size: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** How one test log differs from another. */
export interface TestLogOptions {
  /** 32 bytes, of an Ed25519 key. Without it the origin decides: a log of the same origin has the same key. */
  readonly seed?: Uint8Array;
  /** The entry at an index. Another one from some index on makes a fork. */
  readonly entry?: (index: number) => string;
}

const MOST = 300;

/** A log with an Ed25519 key and up to 300 entries. */
export function testLog(
  origin: string,
  { seed = sha256(encodeUtf8(origin)), entry = (index) => `record ${index}` }: TestLogOptions = {},
): TestLog {
  const signer = noteSignerOf(origin, privateKeyFromSeed('ed25519', seed));
  const leaves = naiveTree(Array.from({ length: MOST }, (_, index) => leafHash(encodeUtf8(entry(index)))));
  const root = (lo: number, hi: number): Hash => leaves.root(lo, hi);
  const tree = (size: number): Tree => ({ size: asTreeSize(size), root: root(0, size) });
  const checkpoint = (size: number, extensions: readonly string[] = []): Promise<Uint8Array> =>
    signNote(formatCheckpoint({ origin, ...tree(size), extensions }), [signer]);
  const proof = (oldSize: number, size: number): readonly Hash[] =>
    oldSize === 0 ? [] : proveConsistency(oldSize, size, root);
  return {
    origin,
    vkey: formatVerifierKey(origin, signer.key.type, signer.key.key),
    signer,
    tree,
    checkpoint,
    proof,
    subtree: (start, end, size) => ({ hash: root(start, end), proof: proveSubtree(start, end, size, root) }),
    request: async (oldSize, size) =>
      formatAddCheckpoint({
        oldSize: asTreeSize(oldSize),
        proof: proof(oldSize, size),
        checkpoint: await checkpoint(size),
      }),
  };
}
