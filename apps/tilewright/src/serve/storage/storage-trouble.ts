import type { Clock, LogEvents } from '@tilewright/log/ports';

/** A call that was made again so often is in trouble; before that it is a network's everyday. */
const FROM_ATTEMPT = 3;
/** What was said of a call explains what is wrong for so long, milliseconds: the pauses between two tries are shorter. */
const EXPLAINS_MS = 60_000;

/** Listens to what happens to a log, and remembers what its storage said when a call failed again and again. */
export class StorageTrouble implements LogEvents {
  readonly #next: LogEvents;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #last: { readonly why: string; readonly atMs: number } | undefined;

  /** Every event is passed on to `next`. */
  constructor(next: LogEvents, clock: Pick<Clock, 'monotonicMs'>) {
    this.#next = next;
    this.#clock = clock;
  }

  emit(event: Parameters<LogEvents['emit']>[0]): void {
    if (event.type === 'retried' && event.attempt >= FROM_ATTEMPT)
      this.#last = { why: `${event.what}: ${event.detail}`, atMs: this.#clock.monotonicMs() };
    this.#next.emit(event);
  }

  /** Why the log is not ready, with what its storage said where that is not told already; nothing when it is ready. */
  explain(unready: string | undefined): string | undefined {
    if (unready === undefined || this.#last === undefined) return unready;
    const { why, atMs } = this.#last;
    return this.#clock.monotonicMs() - atMs > EXPLAINS_MS ? unready : `${unready} (${why})`;
  }
}
