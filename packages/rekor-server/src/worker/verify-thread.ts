import { Worker } from 'node:worker_threads';
import { PrepareError } from '../service/entry-preparer.ts';
import type { ResultBatch, WorkerReady, WorkerSetup } from './messages.ts';
import { type PendingRequest, packRequests, settleRequests } from './pending-request.ts';

/** The worker's file: TypeScript when this runs from source, JavaScript when built. */
const WORKER_FILE = new URL(`./verify-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** What a thread tells its pool. */
export interface ThreadEvents {
  ready(ready: WorkerReady): void;
  /** A batch came back: there is room for another. */
  idle(): void;
  /** The thread is gone, its requests have failed. */
  died(reason: string): void;
}

interface Batch {
  readonly requests: readonly PendingRequest[];
  readonly sentAt: number;
}

/** A batch lives for milliseconds: a larger nursery only spreads the same garbage over more memory. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16 };

/** One worker thread and the batches that it has. */
export class VerifyThread {
  readonly #worker: Worker;
  readonly #batches = new Map<number, Batch>();
  readonly #events: ThreadEvents;
  readonly #nowMs: () => number;
  #nextId = 0;
  #load = 0;
  #isReady = false;
  #reason = 'it ended without an error';
  #isGone = false;

  constructor(setup: WorkerSetup, events: ThreadEvents, nowMs: () => number, file: URL = WORKER_FILE) {
    this.#events = events;
    this.#nowMs = nowMs;
    this.#worker = new Worker(file, { workerData: setup, name: 'verify', resourceLimits: RESOURCE_LIMITS });
    this.#worker.on('message', (message: WorkerReady | ResultBatch) => this.#onMessage(message));
    this.#worker.on('error', (error) => {
      this.#reason = error instanceof Error ? error.message : String(error);
    });
    this.#worker.on('exit', () => this.#onExit());
  }

  get isReady(): boolean {
    return this.#isReady && !this.#isGone;
  }

  /** Batches under way. */
  get batches(): number {
    return this.#batches.size;
  }

  /** Requests under way. */
  get load(): number {
    return this.#load;
  }

  /** How long the oldest batch is under way, milliseconds. */
  get oldestMs(): number {
    const [oldest] = this.#batches.values();
    return oldest === undefined ? 0 : this.#nowMs() - oldest.sentAt;
  }

  send(requests: readonly PendingRequest[]): void {
    const batch = packRequests(this.#nextId++, requests);
    this.#batches.set(batch.id, { requests, sentAt: this.#nowMs() });
    this.#load += requests.length;
    this.#worker.postMessage(batch, [batch.bytes.buffer]);
  }

  /** Ends the thread; its requests fail. */
  async terminate(reason: string): Promise<void> {
    this.#reason = reason;
    await this.#worker.terminate();
  }

  #onMessage(message: WorkerReady | ResultBatch): void {
    if (message.type === 'ready') {
      this.#isReady = true;
      this.#events.ready(message);
      return;
    }
    const batch = this.#batches.get(message.id);
    if (batch === undefined) return;
    this.#batches.delete(message.id);
    this.#load -= batch.requests.length;
    this.#events.idle();
    settleRequests(batch.requests, message);
  }

  #onExit(): void {
    this.#isGone = true;
    const error = new PrepareError('internal', `the thread that checked the request died: ${this.#reason}`);
    for (const { requests } of this.#batches.values()) for (const { reject } of requests) reject(error);
    this.#batches.clear();
    this.#load = 0;
    this.#events.died(this.#reason);
  }
}
