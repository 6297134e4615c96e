import { LogError } from '../log-error.ts';
import type { Leaving } from './leaving.ts';

/** One caller that waits for an entry. */
interface Waiter<T> {
  readonly duplicate: boolean;
  resolve(outcome: T): void;
  reject(error: LogError): void;
}

/** Those who wait for one thing to happen to one entry: nearly always one, for whom a set would be most of the memory. */
export class Waiters<T> {
  #first: Waiter<T> | undefined;
  #others: Set<Waiter<T>> | undefined;

  get size(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#others?.size ?? 0);
  }

  /** Resolves with what {@link settle} makes. A signal lets go of this waiter alone: the others stay. */
  join(duplicate: boolean, signal: Leaving | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (signal === undefined) {
        this.#add({ duplicate, resolve, reject });
        return;
      }
      const leave = () => {
        this.#remove(waiter);
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
      this.#add(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  /** Answers everyone with what `outcome` makes for a first submission, or for one that joined it. */
  settle(outcome: (duplicate: boolean) => T): void {
    for (const waiter of this.#takeAll()) waiter.resolve(outcome(waiter.duplicate));
  }

  /** Turns everyone away. */
  reject(error: LogError): void {
    for (const waiter of this.#takeAll()) waiter.reject(error);
  }

  #add(waiter: Waiter<T>): void {
    if (this.#first === undefined && this.#others === undefined) {
      this.#first = waiter;
      return;
    }
    this.#others ??= new Set();
    this.#others.add(waiter);
  }

  #remove(waiter: Waiter<T>): void {
    if (this.#first === waiter) this.#first = undefined;
    else this.#others?.delete(waiter);
  }

  #takeAll(): readonly Waiter<T>[] {
    const all = [...(this.#first === undefined ? [] : [this.#first]), ...(this.#others ?? [])];
    this.#first = undefined;
    this.#others = undefined;
    return all;
  }
}
