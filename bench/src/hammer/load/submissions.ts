import type { Submission, Supply } from '../target/log-kind.ts';

/** How many submissions may be sent again. */
const KEPT = 256;

/** New submissions, some sent earlier, and never more than the goal. */
export class Submissions {
  readonly #supply: Supply;
  readonly #goal: number;
  readonly #duplicateChance: number;
  readonly #recent: Submission[] = [];
  #issued = 0;
  #sent = 0;

  /** @param duplicateChance share of submissions that were sent before, 0 to 1 */
  constructor(supply: Supply, goal: number, duplicateChance: number) {
    this.#supply = supply;
    this.#goal = goal;
    this.#duplicateChance = duplicateChance;
  }

  /** Whether as many are under way or accepted as were wanted. */
  get isGoalIssued(): boolean {
    return this.#issued >= this.#goal;
  }

  /** The next to send; undefined when the goal is under way, or all prepared ones are used. */
  next(): Submission | undefined {
    if (this.isGoalIssued) return undefined;
    const again = this.#recent.length > 0 && Math.random() < this.#duplicateChance;
    const submission = again ? this.#recent[Math.floor(Math.random() * this.#recent.length)] : this.#supply.next();
    if (submission !== undefined) this.#issued++;
    return submission;
  }

  /** It was accepted: it may be sent again. */
  accepted(submission: Submission): void {
    if (this.#duplicateChance > 0) this.#recent[this.#sent++ % KEPT] = submission;
  }

  /** It was not accepted: another one takes its place. */
  failed(): void {
    this.#issued--;
  }
}
