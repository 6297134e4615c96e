import { setTimeout as sleep } from 'node:timers/promises';

/** Hands out points in time at a constant rate, in order. */
export class Pacer {
  readonly #intervalMs: number;
  readonly #keepsSchedule: boolean;
  #nextMs: number;

  /**
   * @param perSecond more than 0
   * @param keepsSchedule whether points that were missed stay due, so that a server which falls behind is seen to be late;
   *   otherwise they are left out
   */
  constructor(perSecond: number, keepsSchedule: boolean, nowMs: number) {
    this.#intervalMs = 1_000 / perSecond;
    this.#keepsSchedule = keepsSchedule;
    this.#nextMs = nowMs;
  }

  /** Takes the next point. It is in the past when more are due than were taken. */
  take(nowMs: number): number {
    const dueMs = this.#keepsSchedule ? this.#nextMs : Math.max(nowMs, this.#nextMs);
    this.#nextMs = dueMs + this.#intervalMs;
    return dueMs;
  }

  /** Waits for the next point and returns it (of `performance.now()`). Rejects when the signal fires. */
  async next(signal: AbortSignal): Promise<number> {
    const nowMs = performance.now();
    const dueMs = this.take(nowMs);
    if (dueMs > nowMs) await sleep(dueMs - nowMs, undefined, { signal });
    return dueMs;
  }
}
