/** How a mutation was noticed. */
export type Notice =
  /** A promise was broken, and the oracle or a test said which. */
  | 'promise'
  /** The history did not end, the program threw what it never throws, or the process had to be killed. */
  | 'crash';

/** What became of one mutation. */
export interface Verdict {
  readonly name: string;
  readonly caught: boolean;
  readonly notice?: Notice | undefined;
  /** The seed that caught it; nothing for a test. */
  readonly seed?: number | undefined;
  /** Histories that were run, the one that caught it included. */
  readonly histories: number;
  /** What the oracle or the test said. */
  readonly message?: string | undefined;
  /** Milliseconds. */
  readonly ms: number;
}
