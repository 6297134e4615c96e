import { type FamilySample, SampleSums } from '../metrics/prometheus/sample-sums.ts';
import type { Readiness } from '../reading/server-facts.ts';
import type { ServerError } from '../server-error.ts';
import { RestartPause } from '../worker/restart-pause.ts';
import { FrontEndThread, type FrontEndThreadOptions } from './front-end-thread.ts';

/** How a pool of front ends works. */
export interface FrontEndPoolOptions extends Omit<FrontEndThreadOptions, 'died'> {
  readonly threads: number;
  readonly readiness: Readiness;
  /** A thread died and another takes its place. */
  readonly onRestart: (error: ServerError) => void;
}

/** How often readiness is looked at. */
const READINESS_MS = 50;
/** Checks, one a beat, without a sign of life until a thread is replaced. Counted, not timed: a process that was stopped is no hung thread. */
const MOST_SILENT_CHECKS = 30;
/** A scrape waits so long for a thread's counts; then it gets the latest ones. */
const MEASURE_MS = 1000;

/** Threads that serve clients of one log on the same ports. */
export class FrontEndPool {
  readonly #options: FrontEndPoolOptions;
  readonly #threads = new Set<FrontEndThread>();
  readonly #silences = new Map<FrontEndThread, { beats: number; checks: number }>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Counts of threads that are gone: a counter must not go back. */
  readonly #retired = new SampleSums();
  readonly #restart = new RestartPause();
  #unready: string | undefined;
  #isOpen = false;
  #isClosed = false;

  private constructor(options: FrontEndPoolOptions) {
    this.#options = options;
  }

  /** Starts the threads and waits until all listen. Throws {@link ServerError}; then none does. */
  static async open(options: FrontEndPoolOptions): Promise<FrontEndPool> {
    const pool = new FrontEndPool(options);
    pool.#unready = options.readiness();
    try {
      await Promise.all(Array.from({ length: options.threads }, () => pool.#start()));
    } catch (error) {
      pool.#isClosed = true;
      await Promise.all([...pool.#threads].map((thread) => thread.terminate('another one did not start')));
      throw error;
    }
    pool.#isOpen = true;
    pool.#timers.push(setInterval(() => pool.#tellReadiness(), READINESS_MS).unref());
    pool.#timers.push(setInterval(() => pool.#replaceSilent(), options.setup.beatMs).unref());
    return pool;
  }

  /** What all threads have counted together, those that are gone included. */
  async samples(): Promise<FamilySample[]> {
    const threads = [...this.#threads];
    await Promise.all(threads.map((thread) => thread.measure(MEASURE_MS)));
    return [...this.#retired, ...threads.flatMap(({ samples }) => samples)];
  }

  /** Turns unready, lets requests under way be answered for up to `graceMs`, then ends the threads. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const thread of this.#threads) thread.tellReadiness('shutting down');
    await Promise.all([...this.#threads].map((thread) => thread.close(graceMs)));
  }

  /** Resolves when the thread listens, rejects when it dies before. */
  #start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const thread = new FrontEndThread({
        ...this.#options,
        listening: (verifying) => {
          this.#restart.succeeded();
          thread.tellReadiness(this.#unready);
          this.#options.listening(verifying);
          resolve();
        },
        died: (error) => {
          reject(error);
          this.#onDied(thread, error);
        },
      });
      this.#threads.add(thread);
    });
  }

  #onDied(thread: FrontEndThread, error: ServerError): void {
    this.#threads.delete(thread);
    this.#silences.delete(thread);
    this.#retired.add(thread.samples.filter(({ lasts }) => lasts));
    if (this.#isClosed || !this.#isOpen) return;
    this.#options.onRestart(error);
    this.#restart.over(() => {
      // Its own death is told as this one was.
      if (!this.#isClosed) this.#start().catch(() => undefined);
    });
  }

  #tellReadiness(): void {
    const reason = this.#options.readiness();
    if (reason === this.#unready) return;
    this.#unready = reason;
    for (const thread of this.#threads) thread.tellReadiness(reason);
  }

  #replaceSilent(): void {
    for (const thread of this.#threads) {
      const known = this.#silences.get(thread);
      const checks = known?.beats === thread.beats ? known.checks + 1 : 0;
      this.#silences.set(thread, { beats: thread.beats, checks });
      if (checks > MOST_SILENT_CHECKS)
        void thread.terminate(`no sign of life for ${checks} times ${this.#options.setup.beatMs} ms`);
    }
  }
}
