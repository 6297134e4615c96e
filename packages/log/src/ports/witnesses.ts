import type { Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';

/** A signed checkpoint for which cosignatures are wanted. The signed floor is durable, and so is all that the tree holds. */
export interface CosignRequest {
  readonly tree: Tree;
  /** Signed by the log, without any cosignature. */
  readonly note: Uint8Array;
  /** Proves that `tree` continues the tree of `oldSize`, 1 to `tree.size`; empty when they are equal. Read once a size. */
  prove(oldSize: number): Promise<readonly Hash[]>;
  /** Fires when the log must let go of everything. */
  readonly signal: AbortSignal;
}

/** What became of a round. */
export interface Cosigned {
  /** Begins with the bytes that were handed in; behind them stand cosignatures, each of them verified. */
  readonly note: Uint8Array;
  /** The policy is satisfied. */
  readonly enough: boolean;
  /** Who is missing and why, as a sentence for the operator. */
  readonly detail: string;
  /**
   * A checkpoint that a witness showed when it refused: larger than `tree`, or perhaps of another branch, and signed by
   * the log's own key, which was checked. What a witness merely says is never handed up.
   */
  readonly seen?: Uint8Array | undefined;
}

/** Those who are asked to cosign checkpoints before they are published. */
export interface Witnesses {
  /** Nothing is published without enough cosignatures. Otherwise what could be had within the bound is. */
  readonly failClosed: boolean;
  /** Whether a stored checkpoint carries enough verified cosignatures. Never throws. */
  isEnough(note: Uint8Array): boolean;
  /** One round, bounded in time whatever witnesses do. Never rejects because of them. */
  cosign(request: CosignRequest): Promise<Cosigned>;
}
