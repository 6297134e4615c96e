import { setTimeout as sleep } from 'node:timers/promises';
import { sendBadFraming } from './bad-framing.ts';
import { type BadRequest, badEntries, sendBadRequest, someBadRequest } from './bad-requests.ts';
import { breakOff } from './broken-clients.ts';
import type { Traffic } from './traffic.ts';
import type { Writers } from './writers.ts';

const BAD_PAUSE_MS = 3;
const BREAK_PAUSE_MS = 8;
const BREAKERS = 2;

/** Everything that clients do to a server at one time, until it is gone. */
export class Load {
  readonly #writers: Writers;
  readonly #count: number;
  readonly #table: readonly BadRequest[] = badEntries();

  /** `count` is the number of writers; those who send bad requests or break off come on top. */
  constructor(writers: Writers, count: number) {
    this.#writers = writers;
    this.#count = count;
  }

  async run(traffic: Traffic): Promise<void> {
    await Promise.all([
      this.#writers.run(traffic, this.#count),
      this.#sendBad(traffic),
      ...Array.from({ length: BREAKERS }, () => this.#breakOff(traffic)),
    ]);
  }

  async #sendBad(traffic: Traffic): Promise<void> {
    const { phase, random } = traffic;
    while (!phase.gone.aborted) {
      const bad = random() < 0.7 ? someBadRequest(traffic, this.#table) : undefined;
      const isAnswered = await (bad === undefined ? sendBadFraming(traffic) : sendBadRequest(traffic, bad));
      if (!isAnswered) return;
      await sleep(BAD_PAUSE_MS);
    }
  }

  async #breakOff(traffic: Traffic): Promise<void> {
    while (!traffic.phase.ending.aborted) {
      const unknown = await breakOff(traffic);
      if (unknown !== undefined) this.#writers.owe(unknown);
      await sleep(BREAK_PAUSE_MS);
    }
  }
}
