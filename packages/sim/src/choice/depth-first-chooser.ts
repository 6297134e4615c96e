import type { ChoiceKind, Chooser } from './chooser.ts';

/** How many decisions of each kind may be other than plain in one history; kinds that are not named are not rationed. */
export type Budget = Partial<Readonly<Record<ChoiceKind, number>>>;

interface Branch {
  readonly options: number;
  answer: number;
}

/**
 * Goes through every history within a budget, depth first: `next()` moves on to a history that was not run yet, until
 * there is none. Histories are run from their beginning each time.
 */
export class DepthFirstChooser implements Chooser {
  readonly #budget: Budget;
  readonly #path: Branch[] = [];
  /** Answers above this are given, and stay. */
  readonly #given: number;
  #at = 0;
  #spent = new Map<ChoiceKind, number>();

  /** Only histories that begin with the answers `given`. */
  constructor(budget: Budget, given: readonly number[] = []) {
    this.#budget = budget;
    this.#given = given.length;
    for (const answer of given) this.#path.push({ options: answer + 1, answer });
  }

  pick(kind: ChoiceKind, options: number, _plain: number): number {
    const spent = this.#spent.get(kind) ?? 0;
    const affordable = spent < (this.#budget[kind] ?? Number.POSITIVE_INFINITY) ? options : 1;
    const branch = this.#path[this.#at] ?? { options: affordable, answer: 0 };
    this.#path[this.#at] = branch;
    this.#at += 1;
    if (branch.answer > 0) this.#spent.set(kind, spent + 1);
    return branch.answer;
  }

  /** What was decided so far in this history, and how many options each decision had. */
  get path(): readonly Readonly<Branch>[] {
    return this.#path.slice(0, this.#at);
  }

  /** Prepares the next history; false when every one was run. */
  next(): boolean {
    this.#path.length = Math.min(this.#path.length, this.#at);
    this.#at = 0;
    this.#spent = new Map();
    for (let last = this.#path.at(-1); this.#path.length > this.#given; last = this.#path.at(-1)) {
      if (last !== undefined && last.answer + 1 < last.options) {
        last.answer += 1;
        return true;
      }
      this.#path.pop();
    }
    return false;
  }
}
