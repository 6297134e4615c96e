import type { ChoiceKind, Chooser } from './chooser.ts';
import type { Decision } from './seeded-chooser.ts';

/** Repeats what was written down, and decides plainly wherever nothing is. */
export class WrittenChooser implements Chooser {
  readonly #answers: ReadonlyMap<number, number>;
  #asked = 0;

  constructor(decisions: readonly Decision[]) {
    this.#answers = new Map(decisions.map(({ at, answer }) => [at, answer]));
  }

  pick(_kind: ChoiceKind, options: number, _plain: number): number {
    const answer = this.#answers.get(this.#asked++) ?? 0;
    // A simpler history asks other questions at the same place: an answer that does not fit any more is the plain one.
    return answer < options ? answer : 0;
  }
}

/** Decisions as text, to be given back to the simulator: `12:1,40:3`. */
export function formatDecisions(decisions: readonly Decision[]): string {
  return decisions.map(({ at, answer }) => `${at}:${answer}`).join(',');
}

/** The inverse of {@link formatDecisions}. Throws on anything else. */
export function parseDecisions(text: string): Decision[] {
  if (text === '') return [];
  return text.split(',').map((part) => {
    const [, at, answer] = /^(\d{1,9}):(\d{1,9})$/.exec(part) ?? [];
    if (at === undefined || answer === undefined) throw new Error(`'${part}' is no decision: 12:1 is one`);
    return { at: Number(at), answer: Number(answer) };
  });
}
