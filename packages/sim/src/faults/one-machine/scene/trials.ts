/** Something to try, and what a message calls it. */
export interface Trial {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** How many trials there were, how many of them failed, and what the first few said. */
export interface Outcome {
  readonly tried: number;
  readonly broken: number;
  readonly first: readonly string[];
}

/** Tries all of them: one broken rule breaks many, and a few of those tell which. */
export async function tryAll(trials: readonly Trial[]): Promise<Outcome> {
  const broken: string[] = [];
  for (const { name, run } of trials) {
    await run().catch((error: unknown) => broken.push(`${name}: ${error instanceof Error ? error.message : error}`));
  }
  return { tried: trials.length, broken: broken.length, first: broken.slice(0, 2) };
}

/** What {@link tryAll} says when all went well. */
export function allWell({ tried }: Outcome): Outcome {
  return { tried, broken: 0, first: [] };
}
