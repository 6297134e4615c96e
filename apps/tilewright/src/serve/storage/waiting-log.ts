import {
  type Expectation,
  type Log,
  LogError,
  type NewEntry,
  type Placement,
  type ProvenEntry,
  type Receipt,
} from '@tilewright/log';
import type { Clock } from '@tilewright/log/ports';

/** The part of a log that a server uses. */
export type ServedLog = Pick<Log, 'expect' | 'add' | 'sequence' | 'prove' | 'failed' | 'close'> & {
  readonly status: () => { readonly unready: string | undefined };
};

/** How a {@link WaitingLog} gets its log. */
export interface WaitingLogOptions {
  /** Opens the log; a failure that `isFull` knows is tried again, any other one ends the waiting. */
  readonly open: () => Promise<ServedLog>;
  readonly isFull: (error: unknown) => boolean;
  /** Why the log cannot be opened yet, as a sentence. */
  readonly reason: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly retryMs: number;
}

/**
 * Stands for a log that cannot be opened for want of room: refuses entries as a full log does, tries again, and becomes
 * that log as soon as there is room. So a server on a full disk still serves reads, and heals by itself.
 */
export class WaitingLog implements ServedLog {
  readonly failed: Promise<LogError>;
  readonly #options: WaitingLogOptions;
  readonly #stop = new AbortController();
  readonly #waiting: Promise<void>;
  #log: ServedLog | undefined;

  constructor(options: WaitingLogOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<LogError>();
    this.failed = promise;
    this.#waiting = this.#wait(resolve);
  }

  expect(): Expectation {
    return this.#log?.expect() ?? { cancel: () => undefined };
  }

  add(entry: NewEntry, options?: Parameters<Log['add']>[1]): Promise<Receipt> {
    return this.#log?.add(entry, options) ?? Promise.reject(this.#full());
  }

  sequence(entry: NewEntry, options?: Parameters<Log['sequence']>[1]): Promise<Placement> {
    return this.#log?.sequence(entry, options) ?? Promise.reject(this.#full());
  }

  prove(index: number, signal?: AbortSignal): Promise<ProvenEntry> {
    return this.#log?.prove(index, signal) ?? Promise.reject(this.#full());
  }

  status(): { readonly unready: string | undefined } {
    return this.#log?.status() ?? { unready: this.#options.reason };
  }

  async close(options: { readonly timeoutMs: number }): Promise<'settled' | 'timed-out'> {
    this.#stop.abort();
    await this.#waiting;
    return (await this.#log?.close(options)) ?? 'settled';
  }

  #full(): LogError {
    const { reason, retryMs } = this.#options;
    return new LogError('storage-full', reason, { reason: 'storage', retryAfterMs: retryMs });
  }

  async #wait(fail: (error: LogError) => void): Promise<void> {
    const { open, isFull, clock, retryMs } = this.#options;
    while (this.#log === undefined) {
      await clock.sleep(retryMs, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      try {
        this.#log = await open();
        void this.#log.failed.then(fail);
      } catch (error) {
        if (isFull(error)) continue;
        const message = `the log could not be opened: ${error instanceof Error ? error.message : String(error)}`;
        fail(error instanceof LogError ? error : new LogError('storage-failed', message, { cause: error }));
        return;
      }
    }
  }
}
