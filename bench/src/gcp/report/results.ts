import type { RunFigures } from '../../load/run-figures.ts';
import type { Counted } from '../operations/count-operations.ts';
import type { SpeedStep } from '../plan/rows.ts';

/** What one measurement of speed came to. */
export interface SpeedResult {
  readonly writers: number;
  readonly replicas: number;
  /** Of the contestant. */
  readonly id: string;
  readonly run: number;
  readonly outcome: { readonly figures: RunFigures } | { readonly failed: string };
}

/** What one counting came to. */
export type CountResult = Counted | { readonly id: string; readonly failed: string };

/** Everything that a run measured. */
export interface GcpResults {
  readonly commit: string | undefined;
  readonly speed: readonly SpeedResult[];
  readonly operations: readonly CountResult[];
}

/** The result of `step`. */
export function speedResult({ row, contestant, run }: SpeedStep, outcome: SpeedResult['outcome']): SpeedResult {
  return { writers: row.writers, replicas: row.replicas, id: contestant.id, run, outcome };
}

/** What a failure says, in a line. */
export function failureText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
