import { Latency } from './latency.ts';

interface Step {
  readonly size: number;
  readonly atMs: number;
}

const KEPT_STEPS = 10_000;

/**
 * How long entries take from being sent to the first checkpoint that covers them, as one who keeps asking for the
 * checkpoint sees it. What an answer comes after counts too: a checkpoint may be seen before the answer.
 */
export class IntegrationClock {
  readonly latency: Latency = new Latency();
  /** When the log was first seen to be so large; sizes and times grow. */
  #steps: Step[] = [];
  #waiting: { readonly index: number; readonly sentMs: number }[] = [];

  /** A checkpoint of this size arrived. */
  published(size: number, atMs: number): void {
    if (size <= (this.#steps.at(-1)?.size ?? -1)) return;
    this.#steps.push({ size, atMs });
    if (this.#steps.length > 2 * KEPT_STEPS) this.#steps = this.#steps.slice(-KEPT_STEPS);
    const waiting = [];
    for (const entry of this.#waiting) {
      if (entry.index < size) this.latency.record(atMs - entry.sentMs);
      else waiting.push(entry);
    }
    this.#waiting = waiting;
  }

  /** A write that was sent then was answered with this index. */
  accepted(index: number, sentMs: number): void {
    const step = this.#firstBeyond(index);
    if (step === undefined) this.#waiting.push({ index, sentMs });
    // Covered before it was sent: an entry that the log had.
    else if (step.atMs >= sentMs) this.latency.record(step.atMs - sentMs);
  }

  #firstBeyond(index: number): Step | undefined {
    if ((this.#steps.at(-1)?.size ?? -1) <= index) return undefined;
    let low = 0;
    let high = this.#steps.length - 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#steps[middle]?.size ?? 0) > index) high = middle;
      else low = middle + 1;
    }
    return this.#steps[low];
  }
}
