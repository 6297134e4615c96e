import type { CrashSite } from './crash-site.ts';
import type { Moment } from './life/promises.ts';

/** Power fails here, and keeps this. */
export interface Crash {
  readonly moment: Moment;
  readonly choice: number;
  readonly round: number;
}

/**
 * Crashes without end, the most telling first: beside each sync everything lost, everything kept, and a subset; then the
 * same at all moments, and then ever more subsets. Late moments come before early ones: what is alike is judged where the
 * most had been promised.
 */
export function* crashPlan(site: Pick<CrashSite, 'last' | 'boundaries'>, seed: number): Generator<Crash> {
  const everywhere = Array.from({ length: site.last + 1 }, (_, before) => site.last - before);
  const boundaries = site.boundaries.toReversed();
  for (let round = 0; ; round++) {
    const moments = round < 3 ? boundaries : everywhere;
    for (const moment of moments) yield { moment, choice: choiceOf(round, moment, seed), round };
  }
}

function choiceOf(round: number, moment: Moment, seed: number): number {
  const [nothing, everything] = [round === 0 || round === 3, round === 1 || round === 4];
  if (nothing) return 0;
  if (everything) return 1;
  // Any number from 2 on is a subset of its own.
  return 2 + ((seed * 7_919 + round * 104_729 + moment) % (2 ** 31 - 2));
}
