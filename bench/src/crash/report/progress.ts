import type { CrashPlan } from '../crash-plan.ts';
import type { LogUnderTest } from '../log-under-test.ts';

const EVERY_MS = 5_000;

/** Says every few seconds how far a run is, and how fast. */
export class Progress {
  readonly #plan: Pick<CrashPlan, 'rounds' | 'say'>;
  readonly #started = performance.now();
  #saidAt = this.#started;

  constructor(plan: Pick<CrashPlan, 'rounds' | 'say'>) {
    this.#plan = plan;
  }

  /** So many cycles are done. */
  report(rounds: number, { ledger, tally }: Pick<LogUnderTest, 'ledger' | 'tally'>): void {
    const now = performance.now();
    if (now - this.#saidAt < EVERY_MS && rounds < this.#plan.rounds && ledger.violations.length === 0) return;
    this.#saidAt = now;
    const seconds = (now - this.#started) / 1_000;
    const left = ((this.#plan.rounds - rounds) * seconds) / rounds;
    const all = Number.isFinite(left) ? ` of ${this.#plan.rounds}, about ${Math.ceil(left / 60)} min left` : '';
    const { acknowledged, paths } = ledger.counts();
    this.#plan.say(
      `cycle ${rounds}${all}: ${((rounds * 60) / seconds).toFixed(1)} cycles/min, ` +
        `${tally.total('ends')} ends, ${acknowledged} indexes answered, ${tally.total('duplicates')} duplicates, ` +
        `${tally.total('bad requests')} bad requests, ${tally.total('reads')} reads, ${paths} paths, ` +
        `${ledger.violations.length} broken`,
    );
  }
}
