import { MAX_ENTRY_SIZE } from '@tilewright/core/tiles';
import type { EngineState } from '../engine/engine-state.ts';
import { LogError, type PushbackReason } from '../log-error.ts';
import type { Leaving } from './leaving.ts';
import type { NewEntry, Placement, Receipt } from './publication.ts';
import { hashKey, Ticket } from './ticket.ts';

/** A request that is on its way: publication waits for it, within its cadence. */
export interface Expectation {
  /** The request will bring no entry after all. Harmless when it did, or when called twice. */
  cancel(): void;
}

/** How far behind each stage is, for the limits and for operators. */
export interface Backlogs {
  /** Taken in and not yet published: entries and bytes. */
  readonly entries: number;
  readonly bytes: number;
  /** Published and not yet in the persistent dedupe index. */
  readonly dedupeLag: number;
}

function goneBefore(signal: Leaving): LogError {
  return new LogError('aborted', 'the caller was gone before the entry was taken in', { cause: signal.reason });
}

/**
 * The way in: refuses what the limits forbid before an index exists, joins submissions of one entry, and queues the rest.
 * `known` holds every entry from its arrival until the persistent index can find it, so that no duplicate slips between.
 */
export class Intake {
  readonly known: Map<string, Ticket> = new Map();
  readonly #state: EngineState;
  readonly #queued: () => void;
  readonly #expectationsMet: () => void;
  #queue: Ticket[] = [];
  #expected = 0;
  #taken = 0;
  #outstanding = 0;
  #outstandingBytes = 0;
  /** Since when somebody has waited without any publication. */
  #since = 0;
  dedupeLag: () => number = () => 0;

  constructor(state: EngineState, queued: () => void, expectationsMet: () => void) {
    this.#state = state;
    this.#queued = queued;
    this.#expectationsMet = expectationsMet;
  }

  /** Requests announced and not yet in, entries queued included: while there are none, every known waiter is in. */
  get upcoming(): number {
    return this.#expected + this.#queue.length;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get backlogs(): Backlogs {
    return { entries: this.#outstanding, bytes: this.#outstandingBytes, dedupeLag: this.dedupeLag() };
  }

  expect(): Expectation {
    this.#expected += 1;
    let open = true;
    return {
      cancel: () => {
        if (!open) return;
        open = false;
        this.#expected -= 1;
        if (this.upcoming === 0) this.#expectationsMet();
      },
    };
  }

  /** Takes an entry in; resolves when it is published. */
  add(entry: NewEntry, signal: Leaving | undefined): Promise<Receipt> {
    return this.#takeIn(entry, signal, (ticket, duplicate) => {
      const receipt = ticket.wait(duplicate, signal);
      if (ticket.settled) ticket.settle(this.#state.answerable, undefined);
      return receipt;
    });
  }

  /** Takes an entry in; resolves when it is durable. */
  sequence(entry: NewEntry, signal: Leaving | undefined): Promise<Placement> {
    return this.#takeIn(entry, signal, (ticket, duplicate) => ticket.waitPlaced(duplicate, signal));
  }

  #takeIn<T>(
    entry: NewEntry,
    signal: Leaving | undefined,
    wait: (ticket: Ticket, duplicate: boolean) => Promise<T>,
  ): Promise<T> {
    const refusal = this.#refusal(entry);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (signal?.aborted === true) return Promise.reject(goneBefore(signal));
    const key = this.#keyOf(entry);
    const known = this.known.get(key);
    if (known !== undefined) return wait(known, true);
    const full = this.#overLimit(entry.data.length);
    if (full !== undefined) return Promise.reject(full);
    const ticket = new Ticket(key, entry.leafHash, entry.data);
    this.known.set(key, ticket);
    this.#queue.push(ticket);
    if (this.#outstanding === 0) this.published();
    this.#outstanding += 1;
    this.#outstandingBytes += ticket.length;
    const outcome = wait(ticket, false);
    this.#queued();
    return outcome;
  }

  /** What tells entries apart: their leaf hash, or nothing where duplicates are kept. */
  #keyOf(entry: NewEntry): string {
    if (this.#state.options.duplicates === 'join') return hashKey(entry.leafHash);
    this.#taken += 1;
    return String(this.#taken);
  }

  /** The next batch: as much as is queued, within the caps, and at least one entry if there is any. */
  take(): Ticket[] {
    const { maxEntries, maxBytes } = this.#state.options.batch;
    let bytes = 0;
    let count = 0;
    for (const ticket of this.#queue) {
      bytes += ticket.length;
      if (count > 0 && (count >= maxEntries || bytes > maxBytes)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  /** The entry is published, or known to be old: it no longer counts against the limits. */
  release(ticket: Ticket): void {
    this.#outstanding -= 1;
    this.#outstandingBytes -= ticket.length;
  }

  /** The entry did not get in: nothing of it is remembered. */
  turnAway(ticket: Ticket, error: LogError): void {
    this.release(ticket);
    this.forget(ticket.key);
    ticket.reject(error);
  }

  forget(key: string): void {
    this.known.delete(key);
  }

  /** Forgets an entry that the index can find, unless its append is still out: whoever waits for that is found here. */
  indexed(key: string): void {
    if (this.known.get(key)?.index !== undefined) this.known.delete(key);
  }

  /** Forgets whatever has an index below `size`. */
  forgetBelow(size: number): void {
    for (const [key, ticket] of this.known) {
      if (ticket.index !== undefined && ticket.index < size) this.known.delete(key);
    }
  }

  /** There was a publication just now, or an answer ahead of it (or nobody waits for one). */
  published(): void {
    this.#since = this.#state.deps.clock.monotonicMs();
  }

  /** For how long somebody has waited without any publication, milliseconds. */
  get lateMs(): number {
    return this.#outstanding === 0 ? 0 : this.#state.deps.clock.monotonicMs() - this.#since;
  }

  /** Turns away everyone who still waits: queued, on the way to the sequence store, or awaiting publication. */
  abandon(error: LogError): void {
    this.#queue = [];
    for (const ticket of this.known.values()) ticket.reject(error);
  }

  #refusal(entry: NewEntry): LogError | undefined {
    const { failure, closing, frozen } = this.#state;
    if (failure !== undefined)
      return new LogError('storage-failed', 'the log has stopped writing; it must be restarted', { cause: failure });
    if (closing) return new LogError('closing', 'the log is shutting down');
    if (frozen) return new LogError('frozen', 'the log is frozen and takes no more entries');
    if (entry.data.length <= MAX_ENTRY_SIZE) return undefined;
    return new LogError(
      'entry-too-large',
      `the entry is ${entry.data.length} bytes long; a log entry holds at most ${MAX_ENTRY_SIZE}`,
    );
  }

  #overLimit(bytes: number): LogError | undefined {
    const { outstanding, dedupe, lateAfterMs } = this.#state.options;
    if (!this.#state.recovered) return this.#pushback('storage', 'the log is still being recovered');
    const stall = this.#state.stalls.first;
    if (stall !== undefined) {
      const reason = stall.stage === 'witness' ? 'witness' : 'storage';
      return this.#pushback(reason, `the log is held up: ${stall.detail}`);
    }
    const { lateMs } = this;
    // Whoever comes now would wait as long as those who are here already, and not get an answer in time either.
    if (lateMs > lateAfterMs)
      return this.#pushback('integration', `no checkpoint for ${Math.round(lateMs)} ms although entries wait for one`);
    const aheadMs = this.#state.ahead.lateMs(this.#state.deps.clock.monotonicMs());
    if (aheadMs !== undefined)
      return this.#pushback('integration', `what was answered is not published for ${Math.round(aheadMs)} ms`);
    if (this.#outstanding >= outstanding.maxEntries)
      return this.#pushback('integration', `${this.#outstanding} entries wait for publication`);
    if (this.#outstandingBytes + bytes > outstanding.maxBytes)
      return this.#pushback('queue', `${this.#outstandingBytes} bytes wait for publication`);
    const lag = this.dedupeLag();
    return lag > dedupe.maxLag ? this.#pushback('dedupe', `the dedupe index is ${lag} entries behind`) : undefined;
  }

  #pushback(reason: PushbackReason, why: string): LogError {
    this.#state.deps.events.emit({ type: 'refused', reason });
    return new LogError('pushback', `${why}; try again`, { reason, retryAfterMs: 1000 });
  }
}
