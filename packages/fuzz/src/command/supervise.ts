import { setTimeout as later } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type FuzzSuite, inputsOf } from '../run/fuzz-suite.ts';
import type { FuzzTarget } from '../run/fuzz-target.ts';
import type { TargetReport } from '../run/run-target.ts';
import type { ThreadTask } from './fuzz-thread.ts';

/** How often is looked how far the thread is, milliseconds. */
const LOOK_MS = 250;
/** Longer than any input takes, on a machine that has other things to do as well: one that does hangs. */
const HANG_MS = 60_000;
/** How often progress is told, milliseconds. */
const TELL_MS = 10_000;

/** What is run, and how it is watched. */
export interface Supervision {
  readonly seed: number;
  /** Of a target that runs all of them. */
  readonly inputs: number;
  /** How long one input may take, milliseconds. */
  readonly hangMs?: number;
  /** Whether it is measured as well how the time of the target grows. */
  readonly growth?: boolean;
}

/** Runs a target in a thread of its own, which is ended when one input takes for ever. */
export async function supervise(
  suite: FuzzSuite,
  target: FuzzTarget,
  options: Supervision,
  say: (line: string) => void,
): Promise<TargetReport> {
  const { seed, hangMs = HANG_MS, growth = false } = options;
  const inputs = inputsOf(target, options.inputs);
  const task: ThreadTask = { target: target.name, seed, inputs, growth, progress: new SharedArrayBuffer(4) };
  const under = new Uint32Array(task.progress);
  const worker = new Worker(suite.thread, { workerData: task });
  const ended = new Promise<TargetReport>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const started = performance.now();
  let seen = { input: -1, atMs: started };
  let toldMs = started;
  for (;;) {
    const report = await Promise.race([ended, later(LOOK_MS)]);
    if (report !== undefined) {
      await worker.terminate();
      return report;
    }
    const now = performance.now();
    const input = under[0] ?? 0;
    if (input !== seen.input) seen = { input, atMs: now };
    if (now - seen.atMs > hangMs) {
      const ending = worker.terminate();
      // A loop outside of JavaScript cannot be ended: the report matters more.
      await Promise.race([ending, later(LOOK_MS)]);
      return hangs(target, seed, input, { seconds: (now - started) / 1000, hangMs });
    }
    if (now - toldMs < TELL_MS) continue;
    toldMs = now;
    say(`${target.name}: ${input} of ${inputs} inputs, ${Math.round((1000 * input) / (now - started))} a second`);
  }
}

function hangs(
  { name, about, reaches }: FuzzTarget,
  seed: number,
  input: number,
  { seconds, hangMs }: { readonly seconds: number; readonly hangMs: number },
): TargetReport {
  const message = `it has not come to an end for ${hangMs / 1000} seconds`;
  const kinds = { valid: 0, damaged: 0, random: 0 };
  const nothing = { kinds, how: {}, reached: {}, unreached: reaches };
  return { name, about, seed, inputs: input, seconds, slowestMs: hangMs, ...nothing, violation: { input, message } };
}
