import type { Chooser } from '../choice/chooser.ts';
import { type Decision, SeededChooser } from '../choice/seeded-chooser.ts';
import { formatDecisions, WrittenChooser } from '../choice/written-chooser.ts';
import { shrink } from '../history/shrink.ts';
import { historyOf, type World } from '../history/worlds.ts';

/** One history, told. */
export interface Replay {
  readonly broken: unknown;
  readonly story: readonly string[];
  readonly steps: number;
  /** What was decided other than plainly. */
  readonly decisions: readonly Decision[];
}

/** Runs the history of a seed again, or the one that these decisions make, and tells it. */
export async function replay(world: World, source: number | readonly Decision[]): Promise<Replay> {
  const seeded = typeof source === 'number' ? new SeededChooser(source) : undefined;
  const chooser: Chooser = seeded ?? new WrittenChooser(source as readonly Decision[]);
  const { broken, story, steps } = await historyOf(world)(chooser, true);
  return { broken, story, steps, decisions: seeded?.decisions ?? (source as readonly Decision[]) };
}

/** The shortest history found that breaks the same promise as the history of `seed`. */
export async function shrunk(world: World, seed: number): Promise<Replay> {
  const whole = await replay(world, seed);
  if (whole.broken === undefined) return whole;
  return replay(world, await shrink(historyOf(world), whole.decisions, whole.broken));
}

/** A history as a person reads it: what happened, what broke, and the command that does it again. */
export function describeReplay(world: World, { broken, story, steps, decisions }: Replay): string {
  const lines = story.map((line) => `  ${line}`);
  const verdict = broken === undefined ? 'every promise held' : String(broken);
  return [
    ...lines,
    `${verdict} (${steps} steps, ${decisions.length} decisions)`,
    `again: npm run simulate -- --world ${world} --decisions '${formatDecisions(decisions)}'`,
    '',
  ].join('\n');
}
