import { commitOf } from '../load/table/commit-of.ts';
import { figuresLine } from '../load/table/progress-line.ts';
import { requestPool } from '../requests/pool.ts';
import type { WorkspaceDir } from '../server/workspace-dir.ts';
import { countOperations } from './operations/count-operations.ts';
import type { GcpBenchOptions } from './plan/options.ts';
import { type CountStep, countSteps, type SpeedStep, speedSteps } from './plan/rows.ts';
import { type CountResult, failureText, type GcpResults, type SpeedResult, speedResult } from './report/results.ts';
import { enoughRequests, runSpeedStep } from './speed/run-speed-step.ts';

type Say = (line: string) => void;

/** Makes every measurement, one after the other. One that fails is told and noted; the others are made all the same. */
export async function runGcpBench(options: GcpBenchOptions, workspace: WorkspaceDir, say: Say): Promise<GcpResults> {
  const { contestants, runs, quick } = options;
  const speed = options.speed ? await measureSpeeds(speedSteps(runs, contestants), options, workspace, say) : [];
  const operations = options.operations ? await countAll(countSteps(contestants, quick), options, workspace, say) : [];
  return { commit: await commitOf(), speed, operations };
}

async function measureSpeeds(
  steps: readonly SpeedStep[],
  { seconds }: GcpBenchOptions,
  workspace: WorkspaceDir,
  say: Say,
): Promise<SpeedResult[]> {
  const pool = await enoughRequests(steps, seconds, say);
  const results: SpeedResult[] = [];
  for (const [at, step] of steps.entries()) {
    const head = `  ${at + 1} of ${steps.length}: ${step.row.name}, ${step.contestant.label}, run ${step.run}`;
    try {
      const figures = await runSpeedStep(step, seconds, workspace, pool);
      results.push(speedResult(step, { figures }));
      say(`${head}: ${figuresLine(figures)}`);
    } catch (error) {
      results.push(speedResult(step, { failed: failureText(error) }));
      say(`${head}: FAILED, ${failureText(error)}`);
    }
  }
  return results;
}

async function countAll(
  steps: readonly CountStep[],
  { countSeconds, idleSeconds }: GcpBenchOptions,
  workspace: WorkspaceDir,
  say: Say,
): Promise<CountResult[]> {
  const most = Math.max(...steps.map(({ rate }) => rate));
  const pool = await requestPool(most * (countSeconds + 30) + 1_000, () => {});
  const results: CountResult[] = [];
  for (const [at, step] of steps.entries()) {
    const { contestant, replicas, rate } = step;
    const load = rate === 0 ? 'idle' : `${rate} entries/s`;
    const head = `  ${at + 1} of ${steps.length}: operations, ${contestant.label}, ${replicas} replicas, ${load}`;
    try {
      const counted = await countOperations(step, rate === 0 ? idleSeconds : countSeconds, workspace, pool);
      results.push(counted);
      const { spanner, storage } = counted.operations;
      say(
        `${head}: ${counted.entries} entries in ${counted.seconds.toFixed(0)} s, ${JSON.stringify({ spanner, storage })}`,
      );
    } catch (error) {
      results.push({ id: contestant.id, failed: failureText(error) });
      say(`${head}: FAILED, ${failureText(error)}`);
    }
  }
  return results;
}
