import type { Answer } from './answer.ts';

/** A request under way, as the listener sees it. */
export interface Exchange {
  /** The whole request is in, and its answer is being made: nothing else may be written to the connection. */
  readonly isAnswering: boolean;
  /** The connection is done with this request: answered, or broken. */
  closed(): void;
}

/** Where a request came from and its answer goes. */
export interface Wire {
  /** A header of the request, by its name in lower case. */
  header(name: string): string | undefined;
  send(answer: Answer): void;
}
