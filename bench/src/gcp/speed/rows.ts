import type { RunLength } from '../../load/run-figures.ts';
import { CONTESTANTS, type Contestant } from '../servers/servers.ts';

/** One row of the table: so many writers, spread over so many replicas. */
export interface Row {
  readonly name: string;
  readonly writers: number;
  readonly replicas: number;
  /** Only ours is measured with several replicas: the figure is about its own rate with one. */
  readonly onlyOurs: boolean;
}

/** What is measured. */
export const ROWS: readonly Row[] = [
  { name: 'a lone writer', writers: 1, replicas: 1, onlyOurs: false },
  { name: '512 writers', writers: 512, replicas: 1, onlyOurs: false },
  { name: '4,096 writers', writers: 4096, replicas: 1, onlyOurs: false },
  { name: '512 writers, three replicas', writers: 512, replicas: 3, onlyOurs: true },
];

/** One measurement. */
export interface SpeedStep {
  readonly row: Row;
  readonly contestant: Contestant;
  /** From 1. */
  readonly run: number;
  /** Its name in a results file: `512x1/ours/2`. */
  readonly key: string;
}

/** What to take of them. */
export interface SpeedSelection {
  readonly runs: number;
  readonly length: RunLength;
  /** Ids of {@link CONTESTANTS}. */
  readonly contestants: readonly string[];
}

/** The measurements in their order: contestants take turns, so that a bad spell of the machine falls on all. */
export function speedSteps({ runs, contestants }: SpeedSelection): SpeedStep[] {
  return ROWS.flatMap((row) =>
    Array.from({ length: runs }, (_, i) => i + 1).flatMap((run) =>
      CONTESTANTS.filter(({ id, side }) => contestants.includes(id) && (side === 'ours' || !row.onlyOurs)).map(
        (contestant) => ({ row, contestant, run, key: stepKey(row, contestant.id, run) }),
      ),
    ),
  );
}

/** Name of a measurement. */
export function stepKey({ writers, replicas }: Row, id: string, run: number): string {
  return `${writers}x${replicas}/${id}/${run}`;
}
