import type { EntryRequest, PreparedEntry, RefusedEntry } from '@tilewright/rekor-entry';

/** Decodes, verifies and canonicalises requests; on other threads, as a rule. */
export interface EntryPreparer {
  /** Why no request can be prepared right now, as a sentence; `undefined` when it can. */
  readonly unready: string | undefined;
  /** Rejects with {@link PrepareError} when the work itself failed, never for a bad request. */
  prepare(request: EntryRequest): Promise<PreparedEntry | RefusedEntry>;
}

/** Why an {@link EntryPreparer} did no work: too much waits, a thread died, or it is closed. */
export class PrepareError extends Error {
  override readonly name = 'PrepareError';
  readonly code: 'overloaded' | 'internal' | 'closing';

  constructor(code: PrepareError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
