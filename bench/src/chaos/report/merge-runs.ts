import { FLATNESS_RULE, growthBetween } from '../memory/flatness.ts';
import type { FaultRecord, RunRecord } from '../state/run-record.ts';
import type { HostFacts } from './host-facts.ts';

/** Faults of one kind. */
export interface FaultSummary {
  readonly kind: string;
  readonly count: number;
  readonly longestHeldMs: number;
  readonly medianBackMs: number;
  readonly longestBackMs: number;
}

/** All runs of one state directory. */
export interface ChaosReport {
  readonly runs: number;
  readonly minutes: number;
  readonly entries: number;
  readonly acknowledged: number;
  readonly checkpoints: number;
  readonly paths: number;
  readonly counts: Readonly<Record<CountGroup, Readonly<Record<string, number>>>>;
  readonly faults: readonly FaultSummary[];
  readonly notInjected: Readonly<Record<string, string>>;
  readonly restarts: { readonly count: number; readonly medianMs: number; readonly longestMs: number };
  readonly flatnessRule: string;
  readonly host: HostFacts | undefined;
  readonly findings: readonly string[];
  readonly perRun: readonly RunRecord[];
}

const COUNT_GROUPS = [
  'answers',
  'duplicates',
  'badRequests',
  'malformed',
  'brokenOff',
  'reads',
  'ends',
  'checks',
] as const;
export type CountGroup = (typeof COUNT_GROUPS)[number];

/** Sums up the runs, the first one first. */
export function mergeRuns(runs: readonly RunRecord[]): ChaosReport {
  const last = runs.at(-1);
  const restarts = runs.flatMap(({ restartsMs }) => restartsMs);
  const grown = growthBetween(runs.map(({ windows }) => windows));
  return {
    runs: runs.length,
    minutes: Math.round(runs.reduce((sum, { seconds }) => sum + seconds, 0) / 6) / 10,
    entries: last?.entries ?? 0,
    acknowledged: last?.acknowledged ?? 0,
    checkpoints: last?.checkpoints ?? 0,
    paths: last?.paths ?? 0,
    counts: Object.fromEntries(
      COUNT_GROUPS.map((group) => [group, summed(runs.map((run) => run[group]))]),
    ) as ChaosReport['counts'],
    faults: summaries(runs.flatMap(({ faults }) => faults)),
    notInjected: Object.assign({}, ...runs.map(({ notInjected }) => notInjected)),
    restarts: { count: restarts.length, medianMs: median(restarts), longestMs: Math.max(0, ...restarts) },
    flatnessRule: FLATNESS_RULE,
    host: last?.host,
    findings: [...new Set([...runs.flatMap(({ findings }) => findings), ...grown])],
    perRun: runs,
  };
}

function summaries(faults: readonly FaultRecord[]): FaultSummary[] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const some = faults.filter((fault) => fault.kind === kind);
    const back = some.map(({ backMs }) => backMs);
    return {
      kind,
      count: some.length,
      longestHeldMs: Math.max(...some.map(({ heldMs }) => heldMs)),
      medianBackMs: median(back),
      longestBackMs: Math.max(...back),
    };
  });
}

function summed(groups: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const group of groups) {
    for (const [kind, count] of Object.entries(group)) sums[kind] = (sums[kind] ?? 0) + count;
  }
  return sums;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
