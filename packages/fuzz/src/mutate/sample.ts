/** A number within an input that says how long, how many or which something is: big-endian. */
export interface Field {
  readonly at: number;
  readonly width: 1 | 2 | 4 | 8;
}

/** Bytes from `start` up to, without, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A valid input, with what a mutator should know of it. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  /** Where most damage is to fall: the rest is padding, or more of the same. */
  readonly busy: readonly Span[];
  /** Pieces that mean something to the decoder, to be put where they do not belong. */
  readonly words?: readonly Uint8Array[];
  /** Whether it is text whose lines may be repeated, swapped, lost and lent. */
  readonly lines?: boolean;
  /** How long damage may make it, where that is more than twice its length. */
  readonly longest?: number;
}
