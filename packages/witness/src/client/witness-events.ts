/** How asking one witness ended. */
export type WitnessOutcome =
  /** Its cosignature is in the checkpoint, if it came in time. */
  | 'cosigned'
  /** It answered within the bound of the round, but not with what counts; or it did not. */
  | 'failed'
  /** It failed lately, or still answers an earlier request, and was not asked. */
  | 'skipped';

/** What the operator may learn about each witness of each round. */
export interface WitnessReport {
  /** What the policy calls it. */
  readonly witness: string;
  readonly outcome: WitnessOutcome;
  /** Of the checkpoint. */
  readonly size: number;
  /** Milliseconds from the beginning of the round; 0 for a skipped one. */
  readonly ms: number;
  /** Why, when it did not cosign: never what a witness wrote, which is unbounded. */
  readonly reason: string | undefined;
}
