// Loaded into the server by `--import`: on SIGUSR2 it collects garbage in every thread and writes what is left to the
// file that its own URL names. It opens no descriptor and keeps no thread alive.
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BroadcastChannel, isMainThread, threadId, type Worker } from 'node:worker_threads';

/** What one worker thread holds after a forced collection. */
export interface WorkerHeap {
  readonly threadId: number;
  readonly heapUsed: number;
}

/** What a process holds after a forced collection, bytes. */
export interface MemoryReport {
  /** Counts reports from 1. */
  readonly number: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  readonly workers: readonly WorkerHeap[];
}

const CHANNEL = 'tilewright-soak-memory';
const ASK = 'ask';
const WORKERS_WITHIN_MS = 5_000;

async function collect(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('start node with --expose-gc');
  // What finalisers and closing handles let go of is garbage only for the next collection.
  for (let i = 0; i < 3; i++) {
    gc();
    await sleep(20, undefined, { ref: false });
  }
}

async function reportHeap(channel: BroadcastChannel): Promise<void> {
  await collect();
  channel.postMessage({ threadId, heapUsed: process.memoryUsage().heapUsed } satisfies WorkerHeap);
}

function answerAsWorker(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (data === ASK) void reportHeap(channel);
  };
  channel.unref();
}

function answerSignals(file: string): void {
  const workers = new Set<Worker>();
  process.on('worker', (worker) => {
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
  });
  let heaps: WorkerHeap[] = [];
  let number = 0;
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => heaps.push(data as WorkerHeap);
  channel.unref();

  async function report(): Promise<void> {
    heaps = [];
    channel.postMessage(ASK);
    const until = performance.now() + WORKERS_WITHIN_MS;
    while (heaps.length < workers.size && performance.now() < until) await sleep(5, undefined, { ref: false });
    await collect();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    number += 1;
    const answer: MemoryReport = { number, heapUsed, external, arrayBuffers, workers: heaps };
    writeFileSync(`${file}.new`, JSON.stringify(answer));
    renameSync(`${file}.new`, file);
  }
  process.on('SIGUSR2', () => void report());
}

const file = new URL(import.meta.url).searchParams.get('report');
if (file === null) throw new Error('name the file to report to: memory-reporter.ts?report=<path>');
if (isMainThread) answerSignals(file);
else answerAsWorker();
