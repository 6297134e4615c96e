import type { Hash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { nodeHash } from '../hash/tree-hash.ts';
import type { Tree } from '../merkle/tree.ts';
import { nodeAt } from './node-window.ts';
import { edgeHashes, type RightEdge } from './right-edge.ts';

/**
 * Inclusion proofs for the entries of one publication, read from the edge in memory.
 * Every proof is verified before it is handed out; nodes that a verified path has already tied to the root are
 * not climbed again, so that a batch costs about two hashes an entry.
 */
export class ProofTable {
  readonly tree: Tree;
  readonly #edge: RightEdge;
  readonly #rightmost: readonly Hash[];
  readonly #proven: Map<number, Hash>[] = [];
  /** The node that was last copied out of each level: neighbours share most of their proofs. */
  readonly #latest: { readonly index: number; readonly hash: Hash }[] = [];

  constructor(edge: RightEdge) {
    this.tree = edge.tree;
    this.#edge = edge;
    this.#rightmost = edgeHashes(edge.levels, edge.tree.size);
  }

  /** The sibling of node `index` at `level`, or nothing where the node moves up unchanged. */
  #sibling(level: number, index: number): Hash | undefined {
    const sibling = index % 2 === 0 ? index + 1 : index - 1;
    const last = Math.floor((this.tree.size - 1) / 2 ** level);
    if (sibling > last) return undefined;
    const window = this.#edge.levels[level];
    // The last node may be incomplete: only the edge hashes know it.
    if (sibling === last || window === undefined) return this.#rightmost[level];
    const latest = this.#latest[level];
    if (latest?.index === sibling) return latest.hash;
    const hash = nodeAt(window, sibling);
    this.#latest[level] = { index: sibling, hash };
    return hash;
  }

  /** Whether the edge still holds every node that a proof of `index` needs; older entries are proved from tiles. */
  covers(index: number): boolean {
    for (let level = 0; Math.floor((this.tree.size - 1) / 2 ** level) > 0; level++) {
      const window = this.#edge.levels[level];
      const pair = 2 * Math.floor(index / 2 ** level / 2);
      if (index >= this.tree.size || (window !== undefined && pair < window.base)) return false;
    }
    return true;
  }

  /**
   * Leaf-to-root inclusion proof (RFC 6962 2.1.1) of an entry that the edge still covers; not yet verified.
   *
   * @throws CoreError `out-of-range` for an entry that it does not cover.
   */
  proof(index: number): Hash[] {
    const hashes: Hash[] = [];
    for (let level = 0; Math.floor((this.tree.size - 1) / 2 ** level) > 0; level++) {
      const sibling = this.#sibling(level, Math.floor(index / 2 ** level));
      if (sibling !== undefined) hashes.push(sibling);
    }
    return hashes;
  }

  /** Whether the table proves that leaf `leafHash` stands at `index` of the tree. Call it before {@link proof} is used. */
  verify(index: number, leafHash: Hash): boolean {
    const climbed: Hash[] = [];
    let current = leafHash;
    let level = 0;
    for (; Math.floor((this.tree.size - 1) / 2 ** level) > 0; level++) {
      const at = Math.floor(index / 2 ** level);
      const known = this.#proven[level]?.get(at);
      if (known !== undefined) {
        if (!equalBytes(known, current)) return false;
        this.#remember(index, climbed);
        return true;
      }
      climbed.push(current);
      const sibling = this.#sibling(level, at);
      if (sibling !== undefined) current = at % 2 === 0 ? nodeHash(current, sibling) : nodeHash(sibling, current);
    }
    if (!equalBytes(current, this.tree.root)) return false;
    this.#remember(index, climbed);
    return true;
  }

  #remember(index: number, climbed: readonly Hash[]): void {
    climbed.forEach((hash, level) => {
      let known = this.#proven[level];
      if (known === undefined) {
        known = new Map();
        this.#proven[level] = known;
      }
      known.set(Math.floor(index / 2 ** level), hash);
    });
  }
}
