import type { Tally } from '../load/tally.ts';

/** Durations of one kind of event, milliseconds. */
export interface Durations {
  readonly median: number;
  readonly longest: number;
}

/** What the log went through and what it broke. */
export interface CrashResult {
  /** Cycles that were run. */
  readonly rounds: number;
  /** SIGKILLs by what the server was doing; and ends that SIGTERM came to in time. */
  readonly ends: Readonly<Record<string, number>>;
  readonly entries: number;
  /** Indexes that were answered. */
  readonly acknowledged: number;
  readonly checkpoints: number;
  /** Paths below tile/ whose first bytes are kept. */
  readonly paths: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly duplicates: Readonly<Record<string, number>>;
  readonly badRequests: Readonly<Record<string, number>>;
  readonly brokenOff: Readonly<Record<string, number>>;
  readonly reads: Readonly<Record<string, number>>;
  /** Whole-log checks, and second processes that were refused. */
  readonly checks: Readonly<Record<string, number>>;
  /** From the start of the process until it is ready. */
  readonly restartMs: Durations;
  /** Most that the private state ever took on the disk after a start, bytes. */
  readonly stateBytes: number;
  readonly violations: readonly string[];
}

/** The parts of a result that are counted. */
export function counted(
  tally: Tally,
): Pick<CrashResult, 'ends' | 'answers' | 'duplicates' | 'badRequests' | 'brokenOff' | 'reads' | 'checks'> {
  return {
    ends: tally.of('ends'),
    answers: tally.of('answers'),
    duplicates: tally.of('duplicates'),
    badRequests: tally.of('bad requests'),
    brokenOff: tally.of('broken off'),
    reads: tally.of('reads'),
    checks: tally.of('checks'),
  };
}

/** Durations, rounded; zeros when there is none. */
export function durations(values: readonly number[]): Durations {
  const sorted = values.map(Math.round).sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, longest: sorted.at(-1) ?? 0 };
}

/** The result for people: one line for each number. */
export function describeResult(result: CrashResult, seconds: number): string {
  const { rounds, entries, acknowledged, checkpoints, paths, restartMs, stateBytes, violations } = result;
  const groups = [
    ['ends', result.ends],
    ['answers', result.answers],
    ['duplicates', result.duplicates],
    ['bad requests', result.badRequests],
    ['broken off', result.brokenOff],
    ['reads', result.reads],
    ['checks', result.checks],
  ] as const;
  return [
    `${rounds} cycles in ${seconds} s: ${entries} entries in the log, ${acknowledged} indexes answered`,
    `${checkpoints} checkpoints and ${paths} paths below tile/ kept and compared`,
    `restart: median ${restartMs.median} ms, longest ${restartMs.longest} ms; state directory: ${mebibytes(stateBytes)} at most`,
    ...groups.flatMap(([name, kinds]) => describeGroup(name, kinds)),
    violations.length === 0 ? 'nothing broken' : `BROKEN: ${violations.length}`,
    ...violations.map((violation) => `  ${violation}`),
    '',
  ].join('\n');
}

/** A group of counts, one line for each kind. */
export function describeGroup(name: string, kinds: Readonly<Record<string, number>>): string[] {
  const total = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  return [`${name}: ${total}`, ...Object.entries(kinds).map(([kind, count]) => `  ${kind}: ${count}`)];
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
