import { setTimeout as sleep } from 'node:timers/promises';
import { sendBadFraming } from './bad-framing.ts';
import { type BadRequest, badEntries, sendBadRequest, someBadRequest } from './bad-requests.ts';
import { breakOff } from './broken-clients.ts';
import type { Traffic } from './traffic.ts';
import type { Writers } from './writers.ts';

/** How much clients do beside good writes. */
export interface Pace {
  /** Milliseconds between two bad requests. */
  readonly badPauseMs: number;
  /** Clients that break off side by side, each this long after the one before, milliseconds. */
  readonly breakers: number;
  readonly breakPauseMs: number;
  /** Whether they still do while the server shuts down. */
  readonly breaksToTheEnd: boolean;
}

/** What clients do to a server at one time: good writes and duplicates, bad requests, and clients that break off. */
export class Load {
  readonly #writers: Writers;
  readonly #count: number;
  readonly #pace: Pace;
  readonly #table: readonly BadRequest[] = badEntries();

  /** `count` is the number of writers; those who send bad requests or break off come on top. */
  constructor(writers: Writers, count: number, pace: Pace) {
    this.#writers = writers;
    this.#count = count;
    this.#pace = pace;
  }

  /** Until the server is gone. */
  async run(traffic: Traffic): Promise<void> {
    const { breakers, breakPauseMs, breaksToTheEnd } = this.#pace;
    const end = breaksToTheEnd ? traffic.phase.gone : traffic.phase.ending;
    await Promise.all([
      this.#writers.run(traffic, this.#count),
      this.#sendBad(traffic),
      ...Array.from({ length: breakers }, () => this.breakOff(traffic, breakPauseMs, end)),
    ]);
  }

  /** Clients that break off, one after another, until `end` fires. */
  async breakOff(traffic: Traffic, pauseMs: number, end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      const unknown = await breakOff(traffic);
      if (unknown !== undefined) this.#writers.owe(unknown);
      await sleep(pauseMs);
    }
  }

  async #sendBad(traffic: Traffic): Promise<void> {
    const { phase, random } = traffic;
    while (!phase.gone.aborted) {
      const bad = random() < 0.7 ? someBadRequest(traffic, this.#table) : undefined;
      const isAnswered = await (bad === undefined ? sendBadFraming(traffic) : sendBadRequest(traffic, bad));
      if (!isAnswered) return;
      await sleep(this.#pace.badPauseMs);
    }
  }
}
