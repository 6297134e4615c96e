import { setTimeout as sleep } from 'node:timers/promises';
import { sendBadFraming } from '../../crash/load/bad-framing.ts';
import { type BadRequest, badEntries, sendBadRequest, someBadRequest } from '../../crash/load/bad-requests.ts';
import { breakOff } from '../../crash/load/broken-clients.ts';
import type { Traffic } from '../../crash/load/traffic.ts';
import type { Writers } from '../../crash/load/writers.ts';

const BAD_PAUSE_MS = 60;
const BREAK_PAUSE_MS = 80;

/** What clients do at any time: good writes and duplicates, bad requests, and clients that break off. */
export class MixedLoad {
  readonly #writers: Writers;
  readonly #count: number;
  readonly #table: readonly BadRequest[] = badEntries();

  constructor(writers: Writers, count: number) {
    this.#writers = writers;
    this.#count = count;
  }

  /** Until the phase is gone. */
  async run(traffic: Traffic): Promise<void> {
    await Promise.all([
      this.#writers.run(traffic, this.#count),
      this.#sendBad(traffic),
      this.breakOff(traffic, BREAK_PAUSE_MS, traffic.phase.gone),
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
      await sleep(BAD_PAUSE_MS);
    }
  }
}
