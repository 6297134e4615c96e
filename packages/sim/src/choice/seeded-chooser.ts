import { randomNumbers } from '@tilewright/fuzz/random-numbers';
import type { ChoiceKind, Chooser } from './chooser.ts';

/** A decision that was not the plain one. */
export interface Decision {
  /** Number of the decision, from 0. */
  readonly at: number;
  readonly answer: number;
}

/** Chance decides, reproducibly. What it decided other than plainly is written down. */
export class SeededChooser implements Chooser {
  readonly decisions: Decision[] = [];
  readonly #random: () => number;
  #asked = 0;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  pick(_kind: ChoiceKind, options: number, plain: number): number {
    const at = this.#asked++;
    if (options < 2) return 0;
    const drawn = this.#random();
    if (drawn < plain) return 0;
    const answer = 1 + Math.min(options - 2, Math.floor(((drawn - plain) / (1 - plain)) * (options - 1)));
    this.decisions.push({ at, answer });
    return answer;
  }
}
