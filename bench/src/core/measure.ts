import { equalBytes } from '@tilewright/core/bytes';
import type { BenchRow, Contestant, RowFigures } from './bench-row.ts';

export interface MeasureOptions {
  /** Samples of each contestant. */
  readonly rounds: number;
  /** CPU seconds of one sample, at least. */
  readonly sampleSeconds: number;
  /** CPU seconds of work before the first sample, so that everything is compiled. */
  readonly warmUpSeconds: number;
}

/**
 * Measures a row: in every round each contestant in turn, a different one first, so that whatever else the machine does
 * falls on all of them. CPU time of the process, not time on the clock: other programs do not count. All must agree.
 */
export function measure(row: BenchRow, options: MeasureOptions): RowFigures {
  expectAgreement(row);
  const repeats = new Map(row.contestants.map((contestant) => [contestant, calibrate(contestant, options)]));
  const secondsPerUnit = new Map<string, number[]>(row.contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < Math.min(options.rounds, row.rounds ?? options.rounds); round++) {
    const first = round % row.contestants.length;
    for (const contestant of [...row.contestants.slice(first), ...row.contestants.slice(0, first)]) {
      const times = repeats.get(contestant) ?? 1;
      secondsPerUnit.get(contestant.name)?.push(cpuSeconds(contestant, times) / (times * row.count));
    }
  }
  return { row, secondsPerUnit };
}

/** Throws unless all contestants of a row come to the same bytes. */
export function expectAgreement({ name, contestants }: BenchRow): void {
  const results = contestants.map((contestant) => Uint8Array.from(contestant.run()));
  const [first] = results;
  const other = results.findIndex((result) => first !== undefined && !equalBytes(first, result));
  if (other > 0) throw new Error(`${name}: ${contestants[other]?.name} comes to another result`);
}

/** Warms up; returns how often to run for a sample of the wanted length. */
function calibrate(contestant: Contestant, { sampleSeconds, warmUpSeconds }: MeasureOptions): number {
  let times = 1;
  let spent = 0;
  for (;;) {
    const seconds = cpuSeconds(contestant, times);
    spent += seconds;
    if (spent >= warmUpSeconds) return Math.max(1, Math.ceil((times * sampleSeconds) / seconds));
    if (seconds < sampleSeconds) times *= 2;
  }
}

function cpuSeconds(contestant: Contestant, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) contestant.run();
  const { user, system } = process.cpuUsage(before);
  return Math.max(user + system, 1) / 1e6;
}
