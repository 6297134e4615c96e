/** A family of inputs of growing size for one decoder. */
export interface GrowthCase {
  readonly name: string;
  /** The largest size that is measured, in bytes, characters or whatever the family counts: the decoder's cap. */
  readonly most: number;
  /** Makes the input of about this size, and returns what decodes it. A refusal is no failure: it takes time as well. */
  make(size: number): () => unknown;
}

/** How the time of a decoder grows with its input, over the largest sizes. */
export interface GrowthFinding {
  readonly name: string;
  /** The largest size. */
  readonly size: number;
  /** Processor time for it, milliseconds. */
  readonly ms: number;
  /** The slope of log(time) over log(size), the median over pairs of sizes: 1 is linear, 2 quadratic. */
  readonly exponent: number;
}

/** What counts as linear: caches that no longer hold a large input make it dearer by some tenths. */
export const MOST_GROWTH = 1.3;
