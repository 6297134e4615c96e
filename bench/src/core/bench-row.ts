/** One way to do what a row measures. `run` does it once and returns the bytes it comes to, which all of a row agree on. */
export interface Contestant {
  readonly name: string;
  run(): Uint8Array;
}

/** One thing to measure, and all who do it. */
export interface BenchRow {
  readonly name: string;
  /** What is counted: "nodes", "leaves", "proofs". */
  readonly unit: string;
  /** How many of them one run does. */
  readonly count: number;
  /** Rounds to measure, where the usual number would take too long. */
  readonly rounds?: number;
  /** Contestants that the table sets the others beside; `@noble/hashes` and `createHash` when absent. */
  readonly beside?: readonly string[];
  readonly contestants: readonly Contestant[];
}

/** CPU seconds for one of a row's unit, in the order of the rounds, by contestant. */
export interface RowFigures {
  readonly row: BenchRow;
  readonly secondsPerUnit: ReadonlyMap<string, readonly number[]>;
}

/** A contestant with a plain function. */
export function contestant(name: string, run: () => Uint8Array): Contestant {
  return { name, run };
}
