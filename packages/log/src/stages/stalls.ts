import type { LogOptions } from '../engine/options.ts';
import { hasCode, LogError } from '../log-error.ts';
import type { Clock, LogEvents } from '../ports/index.ts';

/** The parts of the engine that can be held up. */
export type Stage = 'sequence' | 'integrate' | 'publish' | 'witness' | 'dedupe' | 'collect';

/** Collection that is held up keeps nothing else back. */
function holdsUp(stage: Stage): boolean {
  return stage !== 'collect';
}

/** Which stages are held up right now, and why: intake, readiness and operators read it. */
export class Stalls {
  readonly #reasons = new Map<Stage, string>();
  readonly #entered = Promise.withResolvers<void>();
  readonly #clock: Clock;
  readonly #events: LogEvents;
  readonly #retry: LogOptions['retry'];

  constructor(clock: Clock, events: LogEvents, retry: LogOptions['retry']) {
    this.#clock = clock;
    this.#events = events;
    this.#retry = retry;
  }

  /** Why `stage` is held up, or nothing. */
  of(stage: Stage): string | undefined {
    return this.#reasons.get(stage);
  }

  /** The first stage that is held up and keeps entries from being published: collection and the dedupe index do not. */
  get first(): { readonly stage: Stage; readonly detail: string } | undefined {
    for (const [stage, detail] of this.#reasons) {
      if (holdsUp(stage) && stage !== 'dedupe') return { stage, detail };
    }
    return undefined;
  }

  /** Resolves when anything is held up for the first time. */
  get entered(): Promise<void> {
    return this.#entered.promise;
  }

  enter(stage: Stage, detail: string): void {
    if (this.#reasons.get(stage) === detail) return;
    this.#reasons.set(stage, detail);
    this.#events.emit({ type: 'stalled', stage, detail });
    if (holdsUp(stage)) this.#entered.resolve();
  }

  leave(stage: Stage): void {
    if (this.#reasons.delete(stage)) this.#events.emit({ type: 'resumed', stage });
  }

  /**
   * Runs `work`, again and again with growing pauses while there is no room for it or nobody signs.
   * Any other failure is the caller's. `work` must be repeatable: everything the engine hands in is.
   * Throws 'closing' instead of beginning after `signal` fired.
   */
  async untilRoom<T>(stage: Stage, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (let pause = this.#retry.firstMs; ; pause = Math.min(2 * pause, this.#retry.lastMs)) {
      if (signal.aborted) throw new LogError('closing', `the log stopped before it could ${stage}`);
      try {
        const result = await work();
        this.leave(stage);
        return result;
      } catch (error) {
        if (!hasCode(error, 'storage-full', 'signer-failed')) throw error;
        this.enter(stage, error.message);
      }
      await this.#clock.sleep(pause, signal);
    }
  }
}
