import type { RunLength } from '../run-figures.ts';
import { type Contestant, contestantOf, SUITES, type SuiteName } from './contestants.ts';
import { usageError } from './usage-error.ts';

/** One row of a table: so many writers, and who is measured with them. */
export interface PlanRow {
  readonly suite: SuiteName;
  readonly writers: number;
  /** Ids, in the order in which each round runs them. */
  readonly contestants: readonly string[];
}

/** All that a run is to measure; it stands in the results file as it is. */
export interface Plan {
  readonly length: RunLength;
  /** Of each contestant in each row. */
  readonly runs: number;
  readonly rows: readonly PlanRow[];
}

/** What to take of everything that can be run. */
export interface Selection {
  /** Suites and sides; all of them where none is named. */
  readonly only: readonly (SuiteName | Contestant['side'])[];
  /** Undefined for all. */
  readonly writers: readonly number[] | undefined;
  /** Whether somebody asked for just these, and is told when there is nothing with so many. */
  readonly areWritersAsked: boolean;
  readonly runs: number;
  readonly length: RunLength;
}

/** One measurement. */
export interface Step {
  readonly suite: SuiteName;
  readonly writers: number;
  readonly contestant: Contestant;
  /** From 1. */
  readonly run: number;
  /** Its name in the results file: `rekor/512/ours/1`. */
  readonly key: string;
}

/** Makes a plan. @throws TypeError when nothing has so many writers */
export function makePlan({ only, writers, areWritersAsked, runs, length }: Selection): Plan {
  const sides = only.filter((word) => word === 'ours' || word === 'peer');
  const names = only.filter((word) => !sides.some((side) => side === word));
  const suites = SUITES.filter(({ name }) => names.length === 0 || names.includes(name));
  const known = [...new Set(suites.flatMap((suite) => suite.writers))].sort((a, b) => a - b);
  const unknown = writers?.find((count) => !known.includes(count));
  if (unknown !== undefined && areWritersAsked) {
    throw usageError(`nothing here is measured with ${unknown} writers: --writers takes any of ${known.join(', ')}`);
  }
  const rows = suites.flatMap((suite) => {
    const contestants = suite.contestants.filter(({ side }) => sides.length === 0 || sides.includes(side));
    const wanted = suite.writers.filter((count) => writers === undefined || writers.includes(count));
    return wanted.map((count) => ({ suite: suite.name, writers: count, contestants: contestants.map(({ id }) => id) }));
  });
  return { length, runs, rows };
}

/** The measurements in their order: contestants interleaved, so that a bad spell of the machine falls on all. */
export function stepsOf({ rows, runs }: Plan): Step[] {
  return rows.flatMap(({ suite, writers, contestants }) =>
    Array.from({ length: runs }, (_, i) => i + 1).flatMap((run) =>
      contestants.map((id) => ({
        suite,
        writers,
        contestant: contestantOf(suite, id),
        run,
        key: stepKey(suite, writers, id, run),
      })),
    ),
  );
}

/** Name of a measurement in a results file. */
export function stepKey(suite: SuiteName, writers: number, contestant: string, run: number): string {
  return [suite, writers, contestant, run].join('/');
}

/** Whether two plans measure the same. */
export function samePlan(one: Plan, other: Plan): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

function canonical({ length, runs, rows }: Plan): unknown {
  const { warmUpSeconds, measuredSeconds } = length;
  return [warmUpSeconds, measuredSeconds, runs, rows.map((row) => [row.suite, row.writers, row.contestants])];
}
