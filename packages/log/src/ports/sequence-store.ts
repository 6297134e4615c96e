import type { Branded, LeafIndex, TreeSize } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';

/** 16 random bytes that make one append repeatable. */
export type Token = Branded<Uint8Array, 'Token'>;

/** A tree that the sequence store committed after its objects were synced: all that may ever be signed. Only a driver makes one. */
export type CommittedTree = Branded<Tree, 'CommittedTree'>;

/** Consecutive sequenced entries; immutable once any read returned it. */
export interface Batch {
  readonly first: LeafIndex;
  readonly entries: readonly Uint8Array[];
}

/**
 * The time of a freeze that is no planned end: what the world has seen contradicts this state, which is an old copy or a
 * fork. A log that stopped so gets no final checkpoint.
 */
export const HALTED = 0;

/** One consistent reading of the log's state. */
export interface Head {
  /** Integrated and durable. */
  readonly tree: CommittedTree;
  /** The next index to be given out; at least `tree.size`. */
  readonly next: TreeSize;
  /** The signed floor: nothing smaller, and no second root at this size, is ever signed. */
  readonly signed: Tree;
  /** How long ago a publication took its slot, in milliseconds, where replicas share the store: for their pace, never for safety. */
  readonly raisedAgoMs?: number | undefined;
  /** Partials of tiles below this size are gone. */
  readonly collected: TreeSize;
  /** When the log was frozen, in milliseconds since 1970, for display; {@link HALTED} where nobody did. `undefined` while it takes entries. */
  readonly frozenAtMs: number | undefined;
}

/** The durable order of entries, and the state that fences integration and signing. */
export interface SequenceStore {
  /** Strong; one snapshot. */
  head(): Promise<Head>;
  /**
   * Gives `entries` consecutive indexes; durable on return. The same token gives the same index.
   * Throws 'pushback', 'storage-full', 'frozen' (nothing was stored), 'outcome-unknown' (call again with the same token),
   * or 'storage-failed' (fatal).
   */
  append(entries: readonly Uint8Array[], token: Token, signal: AbortSignal): Promise<LeafIndex>;
  /** Sequenced but not integrated: contiguous from `tree.size`, of the same snapshot, at least one batch if there is any. */
  pending(max: { readonly entries: number; readonly bytes: number }): Promise<{
    readonly tree: CommittedTree;
    readonly batches: readonly Batch[];
  }>;
  /** Compare-and-set of size and root, durable on return. The caller has awaited `ObjectStore.sync()`. */
  advance(from: CommittedTree, to: Tree): Promise<CommittedTree | 'lost'>;
  /**
   * Raises the signed floor, durably, before any signature leaves. A lower size or another root throws 'fork'.
   * 'raised' also takes the slot of a publication, of which there is one in `minAgeMs`; where it is not free before `waitMs`,
   * nothing was changed. With `ahead` the floor is raised all the same, and `waitMs` says only that the slot was not taken:
   * such a raise puts off nobody's publication.
   */
  raiseSigned(to: CommittedTree, minAgeMs: number, ahead?: boolean): Promise<'raised' | { readonly waitMs: number }>;
  /** Sequenced copies of entries below may go; the caller passes the published size. */
  release(below: TreeSize): Promise<void>;
  /** Moves the collection cursor by compare-and-set; false when it was not `from`. */
  collect(from: TreeSize, to: TreeSize): Promise<boolean>;
  /**
   * Serialised with `append`: none succeeds afterwards. Returns the next index. `atMs` is what the first call says, 0 or more
   * whole milliseconds since 1970, stored together with the mark; later calls change nothing.
   */
  freeze(atMs: number): Promise<LeafIndex>;
  /** Yields when other replicas may have moved the state: a hint that may be lost, repeated or late. */
  changes(signal: AbortSignal): AsyncIterable<void>;
  /** Whether an append of ordinary size would find room now; may make that room. Asked while appends end in 'storage-full'. */
  room(): Promise<boolean>;
  /** Gives up the lock, where there is one. */
  close(): Promise<void>;
}
