import { median } from '../load/percentile.ts';
import { type Contestant, contestantOf, type SuiteName } from '../load/plan/contestants.ts';
import { stepKey } from '../load/plan/plan.ts';
import type { RunFigures } from '../load/run-figures.ts';
import type { Results } from '../load/table/results-file.ts';

/** Figures that are compared. */
export type FigureName = 'rate' | 'p50' | 'p95' | 'p99' | 'cpuPerThousand' | 'mainThreadMicroseconds' | 'peakMiB';

/** The runs of one contestant in one row. */
export interface ReportRow {
  readonly suite: SuiteName;
  readonly writers: number;
  readonly contestant: Contestant;
  readonly runs: readonly RunFigures[];
  /** Median of each figure on its own; `null` where no run has it. Absent when nothing was measured. */
  readonly medians: Readonly<Record<FigureName, number | null>> | undefined;
  /** Why runs are missing. */
  readonly notes: readonly string[];
}

const FIGURES: readonly FigureName[] = [
  'rate',
  'p50',
  'p95',
  'p99',
  'cpuPerThousand',
  'mainThreadMicroseconds',
  'peakMiB',
];

/** One row for each contestant and number of writers, in the order of the plan. */
export function summarize({ plan, results }: Results): ReportRow[] {
  return plan.rows.flatMap(({ suite, writers, contestants }) =>
    contestants.map((id) => {
      const numbers = Array.from({ length: plan.runs }, (_, i) => i + 1);
      const found = numbers.map((run) => results[stepKey(suite, writers, id, run)]);
      const runs = found.flatMap((result) => (result !== undefined && 'figures' in result ? [result.figures] : []));
      const reasons = found.map((result) => {
        if (result === undefined) return 'not measured yet';
        if ('failed' in result) return `failed: ${result.failed.split('\n')[0]?.slice(0, 200) ?? ''}`;
        return 'skipped' in result ? `not needed: ${result.skipped}` : undefined;
      });
      const notes = [...new Set(reasons.filter((reason) => reason !== undefined))];
      return { suite, writers, contestant: contestantOf(suite, id), runs, medians: mediansOf(runs), notes };
    }),
  );
}

/** Median of each figure on its own. */
export function mediansOf(runs: readonly RunFigures[]): ReportRow['medians'] {
  if (runs.length === 0) return undefined;
  const entries = FIGURES.map((name): [FigureName, number | null] => {
    const values = runs.flatMap((run) => run[name] ?? []);
    return [name, values.length === 0 ? null : median(values)];
  });
  return Object.fromEntries(entries) as Record<FigureName, number | null>;
}

/** The row of that contestant, if it is in the report. */
export function rowOf(
  rows: readonly ReportRow[],
  suite: SuiteName,
  writers: number,
  id: string,
): ReportRow | undefined {
  return rows.find((row) => row.suite === suite && row.writers === writers && row.contestant.id === id);
}

/** One figure's median; `null` where it was not measured. */
export function figureOf(row: ReportRow | undefined, name: FigureName): number | null {
  return row?.medians?.[name] ?? null;
}

/** How many times the other's figure; `null` where either is missing. */
export function ratioOf(one: ReportRow | undefined, other: ReportRow | undefined, name: FigureName): number | null {
  const [above, below] = [figureOf(one, name), figureOf(other, name)];
  return above === null || below === null || below === 0 ? null : above / below;
}
