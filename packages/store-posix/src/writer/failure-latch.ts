import { LogError } from '@tilewright/log';

/**
 * The end of writing. After one failed write or sync nobody knows what is durable, and the system may already have
 * forgotten that it failed: nothing is tried again in this process. Recovery finds out.
 */
export class FailureLatch {
  #failure: LogError | undefined;

  /** Throws what ended the writing, if anything did. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends the writing; the first failure stays. Returns the error to throw. */
  trip(error: LogError): LogError {
    this.#failure ??= error;
    return this.#failure;
  }

  /** A write or sync failed that must not: ends the writing. `what` completes "could not …". Returns the error to throw. */
  fail(what: string, path: string, cause: unknown): LogError {
    if (cause instanceof LogError) return this.trip(cause);
    const why = cause instanceof Error ? cause.message : 'unknown error';
    const message = `could not ${what}: ${why}. Check the disk, then start again`;
    return this.trip(new LogError('storage-failed', message, { cause, path }));
  }

  /** Runs a write or sync that must not fail. */
  async mustSucceed<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
    this.check();
    try {
      return await work();
    } catch (cause) {
      throw this.fail(what, path, cause);
    }
  }
}
