import type { Step } from '../plan/plan.ts';
import type { RunFigures } from '../run-figures.ts';
import type { StepResult } from './results-file.ts';

/** One measurement in one line, for whoever watches. */
export function progressLine({ suite, writers, contestant, run }: Step, result: StepResult): string {
  const head = `${suite}, ${writers} writers, ${contestant.label}, run ${run}`;
  if ('skipped' in result) return `${head}: not needed, ${result.skipped}`;
  if ('failed' in result) return `${head}: FAILED, ${result.failed.slice(0, 500)}`;
  return `${head}: ${figuresLine(result.figures)}`;
}

/** Figures in one line. */
export function figuresLine(figures: RunFigures): string {
  const { rate, p50, p99, cpuPerThousand, peakMiB, failures, failureKinds, disk, othersCores } = figures;
  const latency = p50 === null ? [] : [`p50 ${p50.toFixed(1)} ms`, `p99 ${p99?.toFixed(1)} ms`];
  const bad = failures > 0 ? [`${failures} failures ${JSON.stringify(failureKinds)}`] : [];
  return [
    `${rate.toFixed(1)}/s`,
    ...latency,
    `${cpuPerThousand?.toFixed(2) ?? '—'} CPU s per 1,000`,
    `${peakMiB.toFixed(0)} MiB`,
    ...bad,
    `fdatasync ${disk.p50.toFixed(2)}/${disk.p99.toFixed(2)} ms${disk.noisy ? ' (disk noisy)' : ''}`,
    `others ${othersCores.toFixed(1)} cores`,
  ].join(', ');
}
