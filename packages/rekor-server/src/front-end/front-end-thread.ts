import { Worker } from 'node:worker_threads';
import type { ServerLog } from '../logging/server-log.ts';
import type { FamilySample } from '../metrics/prometheus/sample-sums.ts';
import type { RawLog } from '../raw/add-work.ts';
import { ServerError } from '../server-error.ts';
import type { EntryLog } from '../service/create-entry.ts';
import type { ToldBackend } from '../verify/ecdsa/told-backend.ts';
import type { FromFrontEnd, ToFrontEnd } from './boundary/messages.ts';
import type { PublicationNumbers } from './boundary/receipts.ts';
import { ServedLog } from './boundary/served-log.ts';
import type { FrontEndSetup } from './front-end-setup.ts';

/** The worker's file: TypeScript when this runs from source, JavaScript when built. */
const WORKER_FILE = new URL(`./front-end-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** As the process's own nursery at `npm start`: requests and answers live for milliseconds. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 48 };

/** What a thread is given, and whom it tells. */
export interface FrontEndThreadOptions {
  readonly setup: FrontEndSetup;
  readonly log: (EntryLog & RawLog) | undefined;
  readonly numbers: PublicationNumbers;
  readonly serverLog: ServerLog;
  /** It serves, and checks ECDSA signatures like this; raw entries have none. */
  readonly listening: (verifying: ToldBackend | undefined) => void;
  /** It is gone, and every connection that it had; its entries stay with the engine. */
  readonly died: (error: ServerError) => void;
  /** The worker's file, in tests. */
  readonly workerFile?: URL | undefined;
}

/** The engine's side of one front end. */
export class FrontEndThread {
  readonly #options: FrontEndThreadOptions;
  readonly #worker: Worker;
  readonly #served: ServedLog | undefined;
  readonly #exited: Promise<void>;
  readonly #measuring: (() => void)[] = [];
  #reason: ServerError = new ServerError('worker-failed', 'a thread that serves clients ended without an error');
  #closed: (() => void) | undefined;
  #beats = 0;
  /** What it has counted, as of its last word. */
  samples: readonly FamilySample[] = [];

  constructor(options: FrontEndThreadOptions) {
    const { setup, log, numbers, workerFile = WORKER_FILE } = options;
    this.#options = options;
    this.#worker = new Worker(workerFile, { workerData: setup, name: 'front end', resourceLimits: RESOURCE_LIMITS });
    const answerWhen = setup.personality.name === 'raw' ? 'durable' : 'published';
    this.#served = log && new ServedLog(log, answerWhen, numbers, (message, transfer) => this.#post(message, transfer));
    this.#worker.on('message', (message: FromFrontEnd) => this.#take(message));
    this.#worker.on('error', (error) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#reason = new ServerError('worker-failed', `a thread that serves clients died: ${why}`, { cause: error });
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#served?.leave();
        this.#closed?.();
        for (const done of this.#measuring.splice(0)) done();
        resolve();
        options.died(this.#reason);
      });
    });
  }

  /** How often it has given a sign of life. */
  get beats(): number {
    return this.#beats;
  }

  tellReadiness(reason: string | undefined): void {
    this.#post({ type: 'readiness', reason });
  }

  /** Brings `samples` up to date, if it answers within `ms`. */
  async measure(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#measuring.push(resolve);
    this.#post({ type: 'measure' });
    await promise;
    clearTimeout(timer);
  }

  /** Lets requests under way be answered for up to `graceMs`, then ends the thread. */
  async close(graceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = resolve;
    // Cut-off connections close at once; the rest is for a thread that is busy.
    const timer = setTimeout(resolve, graceMs + 1000);
    this.#post({ type: 'close', graceMs });
    await promise;
    clearTimeout(timer);
    await this.terminate('the server is shutting down');
  }

  /** Ends the thread at once. */
  async terminate(why: string): Promise<void> {
    this.#reason = new ServerError('worker-failed', `a thread that serves clients was ended: ${why}`);
    await this.#worker.terminate();
    await this.#exited;
  }

  #post(message: ToFrontEnd, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #take(message: FromFrontEnd): void {
    switch (message.type) {
      case 'submissions':
        this.#served?.take(message);
        return;
      case 'prove':
        void this.#served?.prove(message);
        return;
      case 'line':
        this.#options.serverLog[message.level](message.message, message.attributes);
        return;
      case 'measured':
        this.#beats += 1;
        this.samples = message.samples;
        if (message.asked) for (const done of this.#measuring.splice(0)) done();
        return;
      case 'listening':
        this.#options.listening(message.verifying);
        return;
      case 'not-listening':
        this.#reason = new ServerError(message.code, message.message);
        return;
      case 'closed':
        this.#closed?.();
    }
  }
}
