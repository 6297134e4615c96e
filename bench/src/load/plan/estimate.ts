import type { Plan, Step } from './plan.ts';

// Seconds around what is measured, as seen on two cores.
const START_AND_STOP = 2;
const PROBE = 2;
const SETTLE = 3;
/** Of a server that publishes every ten seconds, until it accepts the first entry after the warm-up. */
const SLOW_SETTLE = 14;
/** Until the first and the last checkpoint of a raw run. */
const EDGES = 2;

/** About how many seconds a step takes. */
export function estimateStep({ contestant }: Step, { length }: Plan): number {
  const load = length.warmUpSeconds + length.measuredSeconds;
  const around = START_AND_STOP + PROBE + load;
  if (contestant.load === 'hammer') return around + EDGES;
  if (contestant.load === 'grpc') return around + SETTLE;
  const isSlow = contestant.server === 'rekor-server-posix' && contestant.flags.length === 0;
  return around + (isSlow ? SLOW_SETTLE : SETTLE);
}

/** About how many seconds all of them take; those that may not be needed are left out. */
export function estimateSteps(steps: readonly Step[], plan: Plan): number {
  const sure = steps.filter(({ contestant }) => contestant.onlyIfPushedBack === undefined);
  return sure.reduce((sum, step) => sum + estimateStep(step, plan), 0);
}

/** "4 s", "12 min", "1 h 05 min". */
export function spokenTime(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
