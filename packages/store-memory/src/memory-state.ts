import type { Hash, LeafIndex } from '@tilewright/core/bytes';
import { asTreeSize, type TreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import type { Batch, CommittedTree, StoredCheckpoint } from '@tilewright/log/ports';

/** What a log's storage holds, in memory. Several openings of one state are replicas of one log. */
export interface MemoryState {
  readonly objects: Map<string, Uint8Array>;
  checkpoint: StoredCheckpoint | undefined;
  /** Signed checkpoints that answers were given with, by their size. */
  readonly kept: Map<number, Uint8Array>;
  replacements: number;
  tree: CommittedTree;
  signed: Tree;
  /** When a publication last took its slot, on the monotonic clock that the openings share. */
  raisedAtMs: number | undefined;
  next: TreeSize;
  collected: TreeSize;
  frozenAtMs: number | undefined;
  /** Sequenced batches in order; those below the released size are gone. */
  batches: Batch[];
  /** First index by token, in hex: what makes an append repeatable. */
  readonly tokens: Map<string, LeafIndex>;
  readonly dedupe: Map<string, LeafIndex>;
  covered: TreeSize;
  /** Wake those who wait for other replicas' progress. */
  readonly watchers: Set<() => void>;
}

/** The state of a log that does not exist yet. */
export function emptyMemoryState(): MemoryState {
  const zero: TreeSize = asTreeSize(0);
  const nothing: Tree = { size: zero, root: EMPTY_ROOT satisfies Hash };
  return {
    objects: new Map(),
    checkpoint: undefined,
    kept: new Map(),
    replacements: 0,
    tree: nothing as CommittedTree,
    signed: nothing,
    raisedAtMs: undefined,
    next: zero,
    collected: zero,
    frozenAtMs: undefined,
    batches: [],
    tokens: new Map(),
    dedupe: new Map(),
    covered: zero,
    watchers: new Set(),
  };
}
