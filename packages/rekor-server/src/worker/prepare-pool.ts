import type { EntryRequest, EntryRules, PreparedEntry, RefusedEntry } from '@tilewright/rekor-entry';
import { ServerError } from '../server-error.ts';
import { type EntryPreparer, PrepareError } from '../service/entry-preparer.ts';
import type { ToldBackend } from '../verify/ecdsa/told-backend.ts';
import type { PendingRequest } from './pending-request.ts';
import { RestartPause } from './restart-pause.ts';
import { VerifyThread } from './verify-thread.ts';

/** How a pool works. */
export interface PreparePoolOptions {
  readonly rules: EntryRules;
  /** Threads; half the cores, rounded up, is a good number. */
  readonly workers: number;
  /** Requests, and their bytes, that may wait for a thread; beyond it new ones are refused as 'overloaded'. */
  readonly maxQueuedRequests: number;
  readonly maxQueuedBytes: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** A thread died and another takes its place. */
  readonly onRestart: (reason: string) => void;
  /** The worker's file, in tests. */
  readonly workerFile?: URL | undefined;
  /** A batch that takes longer, milliseconds, means that its thread hangs: it is replaced. Default 30,000. */
  readonly batchTimeoutMs?: number | undefined;
}

/** A message to a thread carries at most this many requests, and stops growing at this many bytes. */
const MAX_BATCH_REQUESTS = 32;
const MAX_BATCH_BYTES = 1024 * 1024;
/**
 * One batch is worked on while the next is on its way; more would only make a dying thread fail more requests. The second
 * one goes only when it is worth a message, which costs as much as a dozen requests' bookkeeping.
 */
const BATCHES_PER_THREAD = 2;
const WORTH_A_MESSAGE = 16;

/** Prepares entries on worker threads, in batches: signature checks are most of the work of a write. */
export class PreparePool implements EntryPreparer {
  readonly #options: PreparePoolOptions;
  readonly #threads: VerifyThread[] = [];
  #queue: PendingRequest[] = [];
  #queuedBytes = 0;
  readonly #restart = new RestartPause();
  #isFlushing = false;
  #isClosed = false;
  #ready: ToldBackend | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  readonly #flushNow = () => this.#flush();

  private constructor(options: PreparePoolOptions) {
    this.#options = options;
  }

  /** Starts the threads and waits until all take work. Throws {@link ServerError} 'worker-failed'. */
  static async open(options: PreparePoolOptions): Promise<PreparePool> {
    const pool = new PreparePool(options);
    const starts = Array.from({ length: options.workers }, () => pool.#start());
    try {
      await Promise.all(starts);
    } catch (error) {
      await pool.close();
      throw error;
    }
    const limit = options.batchTimeoutMs ?? 30_000;
    pool.#watchdog = setInterval(() => pool.#replaceHanging(limit), limit / 10).unref();
    return pool;
  }

  /** How the threads verify ECDSA, and why not by OpenSSL. */
  get backend(): ToldBackend {
    return this.#ready ?? { backend: 'portable', fallbackReason: 'no thread is up' };
  }

  get unready(): string | undefined {
    return this.#threads.some((thread) => thread.isReady) ? undefined : 'no verify worker is up';
  }

  /** Requests that wait for a thread. */
  get queued(): number {
    return this.#queue.length;
  }

  prepare(request: EntryRequest): Promise<PreparedEntry | RefusedEntry> {
    const { maxQueuedRequests, maxQueuedBytes } = this.#options;
    if (this.#isClosed) return Promise.reject(new PrepareError('closing', 'the server is shutting down'));
    if (this.#queue.length >= maxQueuedRequests || this.#queuedBytes + request.body.length > maxQueuedBytes) {
      const message = `${this.#queue.length} requests with ${this.#queuedBytes} bytes wait to be checked; try again`;
      return Promise.reject(new PrepareError('overloaded', message));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#queuedBytes += request.body.length;
      this.#wake();
    });
  }

  /** Ends the threads; what still waits is refused as 'closing'. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#watchdog);
    const waiting = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    for (const { reject } of waiting) reject(new PrepareError('closing', 'the server is shutting down'));
    await Promise.all(this.#threads.map((thread) => thread.terminate('the server is shutting down')));
  }

  /** At the end of this turn of the event loop, so that requests which arrive together travel together. */
  #wake(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(this.#flushNow);
  }

  #flush(): void {
    this.#isFlushing = false;
    while (this.#queue.length > 0) {
      const thread = this.#leastLoaded();
      if (thread === undefined) return;
      thread.send(this.#take());
    }
  }

  #leastLoaded(): VerifyThread | undefined {
    let best: VerifyThread | undefined;
    for (const thread of this.#threads) {
      const batches = this.#queue.length < WORTH_A_MESSAGE ? 1 : BATCHES_PER_THREAD;
      if (!thread.isReady || thread.batches >= batches) continue;
      if (best === undefined || thread.load < best.load) best = thread;
    }
    return best;
  }

  #take(): PendingRequest[] {
    let count = 0;
    let bytes = 0;
    for (const { request } of this.#queue) {
      if (count === MAX_BATCH_REQUESTS || (count > 0 && bytes + request.body.length > MAX_BATCH_BYTES)) break;
      count += 1;
      bytes += request.body.length;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  /** Resolves when the thread takes work, rejects when it dies before. */
  #start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { rules, nowMs, workerFile } = this.#options;
      const thread: VerifyThread = new VerifyThread(
        { rules },
        {
          ready: (ready) => {
            this.#ready = ready;
            this.#restart.succeeded();
            resolve();
            this.#wake();
          },
          idle: () => this.#wake(),
          died: (reason) => {
            reject(new ServerError('worker-failed', `a verify worker did not start: ${reason}`));
            this.#onDied(thread, reason);
          },
        },
        nowMs,
        workerFile,
      );
      this.#threads.push(thread);
    });
  }

  #onDied(thread: VerifyThread, reason: string): void {
    this.#threads.splice(this.#threads.indexOf(thread), 1);
    // Before `open` has returned there is nobody to restart for: it fails instead.
    if (this.#isClosed || this.#watchdog === undefined) return;
    this.#options.onRestart(reason);
    this.#restart.over(() => {
      if (!this.#isClosed) this.#start().catch(() => undefined);
    });
  }

  #replaceHanging(limitMs: number): void {
    for (const thread of this.#threads) {
      if (thread.oldestMs > limitMs) void thread.terminate(`a batch took longer than ${limitMs} ms`);
    }
  }
}
