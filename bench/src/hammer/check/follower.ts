import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import type { IntegrationClock } from '../measure/integration-clock.ts';
import { Latency } from '../measure/latency.ts';
import type { ReadTally } from '../measure/tallies.ts';
import { ExchangeError } from '../net/connection.ts';
import type { ConnectionPool } from '../net/connection-pool.ts';
import { getRequest } from '../net/request.ts';
import { pushbackMs } from '../net/retry-after.ts';
import type { CheckpointBook } from './checkpoint-book.ts';
import type { Judge } from './judge.ts';

/** What the follower works with. */
export interface FollowerOptions {
  readonly pool: ConnectionPool;
  readonly readPath: string;
  readonly book: CheckpointBook;
  readonly clock: IntegrationClock;
  readonly judge: Judge;
  readonly tally: ReadTally;
  /** Silence of the log after which nothing more can be said, milliseconds. */
  readonly lostAfterMs: number;
}

/** So that the time to integrate is known to about this, and the log not bothered more. */
const PAUSE_MS = 10;
const AFTER_FAILURE_MS = 250;

/** Reads the checkpoint over and over, on a connection of its own, so that each is asked for after the one before. */
export class Follower {
  /** From one checkpoint to the next: how exactly the time to integrate is known. */
  readonly gaps: Latency = new Latency();
  readonly #options: FollowerOptions;
  #published: OpenedCheckpoint;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#published = options.book.largest;
    options.clock.published(this.#published.size, performance.now());
  }

  /** The checkpoint that was served last. */
  get published(): OpenedCheckpoint {
    return this.#published;
  }

  /** Follows the log until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    const { pool, readPath, judge, lostAfterMs } = this.#options;
    const connection = pool.connection();
    const request = getRequest(pool.endpoint, `${readPath}checkpoint`);
    let lastMs = performance.now();
    let failure: string | undefined;
    while (!signal.aborted) {
      let pauseMs = PAUSE_MS;
      try {
        const before = this.#options.book.largest;
        const startedMs = performance.now();
        const answer = await connection.exchange(request);
        const nowMs = performance.now();
        this.#options.tally.answered(nowMs - startedMs, answer.body.length);
        const pushback = pushbackMs(answer, Date.now());
        failure = answer.status === 200 ? undefined : `http ${answer.status}`;
        if (pushback !== undefined) {
          this.#options.tally.pushbacks++;
          pauseMs = pushback;
        } else if (failure !== undefined) throw new ExchangeError(failure, 'the checkpoint is not there');
        else {
          this.gaps.record(nowMs - lastMs);
          lastMs = nowMs;
          this.#see(new Uint8Array(answer.body), before, nowMs);
        }
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error;
        if (signal.aborted) return;
        failure = error.kind;
        this.#options.tally.failed(error.kind);
        pauseMs = AFTER_FAILURE_MS;
      }
      if (performance.now() - lastMs > lostAfterMs) {
        judge.report('unreadable', `the checkpoint could not be read for ${lostAfterMs / 1_000} s: ${failure}`);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** @param before the largest checkpoint that was known when this one was asked for */
  #see(note: Uint8Array, before: OpenedCheckpoint, nowMs: number): void {
    const { book, clock, judge } = this.#options;
    const checkpoint = book.open(note, 'that was served');
    if (checkpoint === undefined) return;
    if (checkpoint.size < before.size) {
      judge.report(
        'checkpoint-went-back',
        `the checkpoint went from ${before.size} back to ${checkpoint.size} entries`,
        {
          'checkpoint-earlier': before.note,
          'checkpoint-later': note,
        },
      );
    }
    if (checkpoint.size > this.#published.size) this.#published = checkpoint;
    clock.published(checkpoint.size, nowMs);
  }
}
