import { LogError } from '../log-error.ts';

/** One caller that waits for an entry. */
interface Waiter<T> {
  readonly duplicate: boolean;
  resolve(outcome: T): void;
  reject(error: LogError): void;
}

/** Those who wait for one thing to happen to one entry. */
export class Waiters<T> {
  readonly #waiters = new Set<Waiter<T>>();

  get size(): number {
    return this.#waiters.size;
  }

  /** Resolves with what {@link settle} makes. A signal lets go of this waiter alone: the others stay. */
  join(duplicate: boolean, signal: AbortSignal | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal === undefined) {
        this.#waiters.add({ duplicate, resolve, reject });
        return;
      }
      const leave = () => {
        this.#waiters.delete(waiter);
        reject(
          new LogError('aborted', 'the caller stopped waiting; the entry may be in the log', { cause: signal.reason }),
        );
      };
      const waiter: Waiter<T> = {
        duplicate,
        resolve: (outcome) => {
          signal.removeEventListener('abort', leave);
          resolve(outcome);
        },
        reject: (error) => {
          signal.removeEventListener('abort', leave);
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Answers everyone with what `outcome` makes for a first submission, or for one that joined it. */
  settle(outcome: (duplicate: boolean) => T): void {
    for (const waiter of this.#waiters) waiter.resolve(outcome(waiter.duplicate));
    this.#waiters.clear();
  }

  /** Turns everyone away. */
  reject(error: LogError): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }
}
