import type { Hash, LeafIndex } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';

/** A published checkpoint: the tree it speaks of and the signed note, byte for byte as stored. */
export interface Publication {
  readonly tree: Tree;
  readonly note: Uint8Array;
}

/** Where an accepted entry is, once it is durable. */
export interface Placement {
  readonly index: LeafIndex;
  /** The log already held the entry, or another submission of it came first. */
  readonly duplicate: boolean;
}

/** What an accepted entry's submitter gets, once a published checkpoint covers the entry. A duplicate gets no proof. */
export interface Receipt extends Placement {
  /** A published checkpoint that covers `index`. */
  readonly publication: Publication;
  /** Inclusion proof towards `publication.tree`, leaf to root; verified. */
  readonly proof: readonly Hash[] | undefined;
}

/** An entry as the engine takes it. */
export interface NewEntry {
  /** 0 to 65,535 bytes, as they will stand in the entry bundle. MUST NOT change afterwards. */
  readonly data: Uint8Array;
  /** SHA-256(0x00 ‖ data): what the tree holds, and the identity for recognising duplicates. */
  readonly leafHash: Hash;
}
