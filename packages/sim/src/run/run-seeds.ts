import { SeededChooser } from '../choice/seeded-chooser.ts';
import { historyOf, type World, worldOf } from '../history/worlds.ts';

/** Which histories to run. */
export interface SeedRange {
  readonly from: number;
  readonly count: number;
  /** What they are about; by seed unless given. */
  readonly world?: World | undefined;
}

/** A seed whose history broke a promise. */
export interface FailedSeed {
  readonly seed: number;
  readonly world: World;
  readonly message: string;
}

/** What came of some histories. */
export interface SeedResults {
  readonly histories: number;
  readonly steps: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly failed: readonly FailedSeed[];
}

/** Runs the histories of consecutive seeds, one after another, in this thread. */
export async function runSeeds({ from, count, world }: SeedRange): Promise<SeedResults> {
  const counts = new Map<string, number>();
  const failed: FailedSeed[] = [];
  let steps = 0;
  for (let seed = from; seed < from + count; seed++) {
    const about = world ?? worldOf(seed);
    const outcome = await historyOf(about)(new SeededChooser(seed), false);
    steps += outcome.steps;
    for (const [what, times] of outcome.counts) counts.set(what, (counts.get(what) ?? 0) + times);
    if (outcome.broken !== undefined) failed.push({ seed, world: about, message: String(outcome.broken) });
  }
  return { histories: count, steps, counts: Object.fromEntries(counts), failed };
}

/** Results of two runs, together. */
export function joinResults(a: SeedResults, b: SeedResults): SeedResults {
  const counts = new Map(Object.entries(a.counts));
  for (const [what, times] of Object.entries(b.counts)) counts.set(what, (counts.get(what) ?? 0) + times);
  return {
    histories: a.histories + b.histories,
    steps: a.steps + b.steps,
    counts: Object.fromEntries([...counts].sort(([x], [y]) => (x < y ? -1 : 1))),
    failed: [...a.failed, ...b.failed],
  };
}

/** The results of no history. */
export const NO_RESULTS: SeedResults = { histories: 0, steps: 0, counts: {}, failed: [] };
