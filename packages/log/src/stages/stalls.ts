import type { LogOptions } from '../engine/options.ts';
import { hasCode, LogError } from '../log-error.ts';
import type { Clock, LogEvents } from '../ports/index.ts';

/** The parts of the engine that can be held up. */
export type Stage = 'sequence' | 'integrate' | 'publish' | 'dedupe' | 'collect';

/** Which stages are held up right now, and why: intake, readiness and operators read it. */
export class Stalls {
  readonly #reasons = new Map<Stage, string>();
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

  /** The first stage that is held up and keeps entries from being published. */
  get first(): { readonly stage: Stage; readonly detail: string } | undefined {
    for (const [stage, detail] of this.#reasons) if (stage !== 'collect') return { stage, detail };
    return undefined;
  }

  enter(stage: Stage, detail: string): void {
    if (this.#reasons.get(stage) === detail) return;
    this.#reasons.set(stage, detail);
    this.#events.emit({ type: 'stalled', stage, detail });
  }

  leave(stage: Stage): void {
    if (this.#reasons.delete(stage)) this.#events.emit({ type: 'resumed', stage });
  }

  /**
   * Runs `work`, again and again with growing pauses while there is no room for it.
   * Any other failure is the caller's. `work` must be repeatable: everything the engine hands in is.
   */
  async untilRoom<T>(stage: Stage, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (let pause = this.#retry.firstMs; ; pause = Math.min(2 * pause, this.#retry.lastMs)) {
      try {
        const result = await work();
        this.leave(stage);
        return result;
      } catch (error) {
        if (!hasCode(error, 'storage-full')) throw error;
        this.enter(stage, error.message);
      }
      await this.#clock.sleep(pause, signal);
      if (signal.aborted) throw new LogError('closing', `the log closed while it waited for room to ${stage}`);
    }
  }
}
