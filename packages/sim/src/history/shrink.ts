import type { Decision } from '../choice/seeded-chooser.ts';
import { WrittenChooser } from '../choice/written-chooser.ts';
import type { History } from './history.ts';

/** Histories that are tried at most: a failure is worth a minute, not an hour. */
const MOST_TRIES = 3_000;

/** What makes two failures the same one: words, not numbers. */
function kindOf(broken: unknown): string {
  return String(broken).replaceAll(/\d+/g, '#');
}

/**
 * Fewer decisions that still break the same promise: whatever can be decided plainly is, first in large parts, then one
 * by one; then answers are made smaller. The same decisions always give the same history, so what is left is certain.
 */
export async function shrink(history: History, decisions: readonly Decision[], broken: unknown): Promise<Decision[]> {
  const kind = kindOf(broken);
  let best = [...decisions];
  let tries = 0;
  const fails = async (candidate: readonly Decision[]): Promise<boolean> => {
    tries += 1;
    const outcome = await history(new WrittenChooser(candidate), false);
    return outcome.broken !== undefined && kindOf(outcome.broken) === kind;
  };
  for (let before = -1; before !== best.length && tries < MOST_TRIES; ) {
    before = best.length;
    for (let part = Math.ceil(best.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2)) {
      for (let at = best.length - part; at > -part && tries < MOST_TRIES; at -= part) {
        const candidate = best.toSpliced(Math.max(0, at), part + Math.min(0, at));
        if (candidate.length < best.length && (await fails(candidate))) best = candidate;
      }
    }
  }
  for (let at = 0; at < best.length; at++) {
    for (let answer = 1; answer < (best[at]?.answer ?? 0) && tries < MOST_TRIES; answer++) {
      const candidate = best.map((decision, i) => (i === at ? { ...decision, answer } : decision));
      if (!(await fails(candidate))) continue;
      best = candidate;
      break;
    }
  }
  return best;
}
