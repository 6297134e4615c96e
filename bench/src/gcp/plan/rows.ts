import { CONTESTANTS, type Contestant, contestantOf } from '../servers/servers.ts';

/** One row of the table of speeds: so many writers, spread over so many replicas. */
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
  { name: '512 writers, three replicas', writers: 512, replicas: 3, onlyOurs: true },
  { name: '4,096 writers', writers: 4096, replicas: 1, onlyOurs: false },
];

/** One measurement of speed. */
export interface SpeedStep {
  readonly row: Row;
  readonly contestant: Contestant;
  /** From 1. */
  readonly run: number;
}

/** The measurements in their order: contestants take turns, so that a bad spell of the machine falls on all. */
export function speedSteps(runs: number, ids: readonly string[]): SpeedStep[] {
  return ROWS.flatMap((row) =>
    Array.from({ length: runs }, (_, i) => i + 1).flatMap((run) =>
      CONTESTANTS.filter(({ id, side }) => ids.includes(id) && (side === 'ours' || !row.onlyOurs)).map(
        (contestant) => ({ row, contestant, run }),
      ),
    ),
  );
}

/** One counting of operations. */
export interface CountStep {
  readonly contestant: Contestant;
  readonly replicas: number;
  /** Entries a second in all; 0 for a log to which nobody submits. */
  readonly rate: number;
}

/** Entries a second at which operations are counted. */
export const RATES: readonly number[] = [0, 1, 10, 100, 1000];
/** On the emulator rekor-server-gcp takes no more. */
const MOST_OF_PEER = 100;
const PEER = 'peer-compose';

/** The countings in their order. */
export function countSteps(ids: readonly string[], isQuick: boolean): CountStep[] {
  const ours = ids.includes('ours') ? [1, 3].map((replicas) => ({ contestant: contestantOf('ours'), replicas })) : [];
  const peer = ids.includes(PEER) ? [{ contestant: contestantOf(PEER), replicas: 1 }] : [];
  const rates = isQuick ? RATES.filter((rate) => rate === 0 || rate === 100) : RATES;
  return rates.flatMap((rate) =>
    [...ours, ...peer]
      .filter(({ contestant }) => contestant.side === 'ours' || rate <= MOST_OF_PEER)
      .map((counted) => ({ ...counted, rate })),
  );
}
