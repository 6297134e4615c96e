/** How often each check was made. */
export interface CheckCounts {
  /** Checkpoints whose signature was verified. */
  signatures: number;
  /** Checkpoints whose root was compared with that of the entries read up to their size. */
  roots: number;
  /** Consistency proofs from tiles, from one checkpoint to a later one. */
  consistencyProofs: number;
  /** Answered indexes at which the log's entry was compared with the one that was sent. */
  indexes: number;
  /** Inclusion proofs from tiles. */
  inclusionProofs: number;
  /** Inclusion proofs in answers. */
  answerProofs: number;
  /** Entries read by readers and compared with the signed tree. */
  entriesRead: number;
}

/** None yet. */
export function noChecks(): CheckCounts {
  return {
    signatures: 0,
    roots: 0,
    consistencyProofs: 0,
    indexes: 0,
    inclusionProofs: 0,
    answerProofs: 0,
    entriesRead: 0,
  };
}
