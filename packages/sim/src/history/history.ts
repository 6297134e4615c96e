import type { Chooser } from '../choice/chooser.ts';

/** How a history went. */
export interface HistoryOutcome {
  /** Why it is not a good one: a broken promise, or that it did not end. */
  readonly broken: unknown;
  /** Steps that the schedule let happen. */
  readonly steps: number;
  /** How often each thing happened. */
  readonly counts: ReadonlyMap<string, number>;
  /** The history in words, when it was to be told. */
  readonly story: readonly string[];
}

/** Runs one history, with every choice left to `chooser`. */
export type History = (chooser: Chooser, told: boolean) => Promise<HistoryOutcome>;
