import { parentPort, workerData } from 'node:worker_threads';
import { measureGrowth } from '../growth/measure-growth.ts';
import { targetNamed } from '../run/fuzz-suite.ts';
import type { FuzzTarget } from '../run/fuzz-target.ts';
import { runTarget, type TargetReport } from '../run/run-target.ts';

/** What a thread is started with. */
export interface ThreadTask {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  /** Whether it is measured as well how the time of the target grows. */
  readonly growth: boolean;
  /** Where the number of the input under way is written. */
  readonly progress: SharedArrayBuffer;
}

/** Runs the target that this thread was started for, and reports. */
export async function runThread(targets: readonly FuzzTarget[]): Promise<void> {
  // Most inputs end in an error that nobody prints; where one came from, a replay of it tells.
  Error.stackTraceLimit = 0;
  const task: ThreadTask = workerData;
  const target = targetNamed(targets, task.target);
  if (target === undefined) throw new Error(`there is no target '${task.target}'`);
  const under = new Uint32Array(task.progress);
  const watch = (input: number): void => {
    under[0] = input;
  };
  const report = await runTarget(target, { seed: task.seed, inputs: task.inputs, watch });
  parentPort?.postMessage(task.growth && report.violation === undefined ? measured(report, target, watch) : report);
}

/** With the growth of the target; each case of it counts as one input more for who watches that there is progress. */
function measured(report: TargetReport, { growth }: FuzzTarget, watch: (input: number) => void): TargetReport {
  if (growth === undefined) return report;
  const findings = growth.map((one, at) => {
    watch(report.inputs + at);
    return measureGrowth(one);
  });
  return { ...report, growth: findings };
}
