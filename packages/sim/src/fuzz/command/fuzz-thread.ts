import { parentPort, workerData } from 'node:worker_threads';
import { targetNamed } from '../all-targets.ts';
import { runTarget } from '../run-target.ts';

/** What a thread is started with. */
export interface ThreadTask {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  /** Where the number of the input under way is written. */
  readonly progress: SharedArrayBuffer;
}

// Most inputs end in an error that nobody prints; where one came from, a replay of it tells.
Error.stackTraceLimit = 0;

const { target: name, seed, inputs, progress }: ThreadTask = workerData;
const target = targetNamed(name);
if (target === undefined) throw new Error(`there is no target '${name}'`);
const under = new Uint32Array(progress);
const report = await runTarget(target, {
  seed,
  inputs,
  watch: (input) => {
    under[0] = input;
  },
});
parentPort?.postMessage(report);
