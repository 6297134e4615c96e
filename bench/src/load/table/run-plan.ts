import { estimateStep, estimateSteps, spokenTime } from '../plan/estimate.ts';
import { type Step, stepKey, stepsOf } from '../plan/plan.ts';
import type { RunFigures } from '../run-figures.ts';
import { progressLine } from './progress-line.ts';
import type { Results, StepResult } from './results-file.ts';

/** What a run is made with; a port, so that it can be tested without servers. */
export interface PlanWorld {
  /** Makes one measurement. */
  readonly run: (step: Step) => Promise<RunFigures>;
  /** Called with all results after each measurement. */
  readonly store: (results: Results) => Promise<void>;
  readonly say: (line: string) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Steps that have no figures yet, and are not known to be needless. */
export function openSteps({ plan, results }: Results): Step[] {
  return stepsOf(plan).filter(({ key }) => {
    const result = results[key];
    return result === undefined || 'failed' in result;
  });
}

/**
 * Makes the measurements that are missing, and stores each at once. One that fails is tried once more, then stored as
 * failed: an hour of measurements does not end with one of them.
 */
export async function runPlan(from: Results, { run, store, say, now }: PlanWorld): Promise<Results> {
  let current = from;
  const steps = openSteps(from);
  const all = stepsOf(from.plan).length;
  let estimated = 0;
  const startedAt = now();
  for (const [i, step] of steps.entries()) {
    const result = needless(step, current) ?? (await attempt(step, run, say));
    current = { ...current, results: { ...current.results, [step.key]: result } };
    await store(current);
    if ('skipped' in result) continue;
    estimated += estimateStep(step, from.plan);
    const pace = (now() - startedAt) / 1_000 / estimated;
    const left = pace * estimateSteps(steps.slice(i + 1), from.plan);
    say(`[${all - steps.length + i + 1}/${all}] ${progressLine(step, result)}; ${spokenTime(left)} left`);
  }
  return current;
}

function needless({ suite, writers, contestant, run }: Step, { results }: Results): StepResult | undefined {
  const other = contestant.onlyIfPushedBack;
  if (other === undefined) return undefined;
  const result = results[stepKey(suite, writers, other, run)];
  // Without the other's figures it is not known to be needless.
  if (result === undefined || !('figures' in result) || result.figures.pushedBack > 0) return undefined;
  return { skipped: 'the defaults pushed nobody back' };
}

async function attempt(step: Step, run: PlanWorld['run'], say: (line: string) => void): Promise<StepResult> {
  for (let tries = 1; ; tries++) {
    try {
      return { figures: await run(step) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (tries === 2) return { failed: reason.slice(0, 2_000) };
      say(`  ${step.key} failed, once more: ${reason.slice(0, 500)}`);
    }
  }
}
