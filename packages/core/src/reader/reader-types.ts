import type { Hash } from '../bytes/hash-value.ts';
import type { Tree } from '../merkle/tree.ts';
import type { ReadSignal } from './read-object.ts';

/** An entry that the signed tree proves to be there. */
export interface ProvenEntry<E> {
  readonly index: number;
  /** Bytes in the case of entry bundles; views of what was read. */
  readonly entry: E;
  readonly leafHash: Hash;
}

/** An inclusion proof that was verified after it was built. */
export interface ProvenLeaf {
  readonly index: number;
  readonly leafHash: Hash;
  /** From the leaf to the root of `tree` (RFC 6962, section 2.1.1). */
  readonly proof: readonly Hash[];
  readonly tree: Tree;
}

/** What a reader is told about the log. */
export interface TreeReaderOptions {
  /**
   * The first index that the log promises to serve, as its operator publishes it; 0 when absent. The reader hands out
   * nothing below it, so that no answer depends on how far a log has pruned.
   */
  readonly minimumIndex?: number | undefined;
}

/** Towards which tree, and how. */
export interface ProveOptions {
  /** An earlier size of the log; that of the signed tree when absent. */
  readonly size?: number | undefined;
  readonly signal?: ReadSignal | undefined;
}

/** Which entries, and how. */
export interface EntriesOptions {
  /** First index; the minimum index when absent. */
  readonly from?: number | undefined;
  /**
   * The index after the last; the size of the tree when absent. Who follows a busy log ends at a multiple of 256 most of
   * the time: a partial bundle has to be read again when it is full (tlog-tiles, "Log Entries").
   */
  readonly to?: number | undefined;
  /** Bundles fetched at a time; 4 when absent. */
  readonly parallel?: number | undefined;
  readonly signal?: ReadSignal | undefined;
}
