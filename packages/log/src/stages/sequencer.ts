import type { EngineState } from '../engine/engine-state.ts';
import type { Backlog } from '../intake/backlog.ts';
import type { Intake } from '../intake/intake.ts';
import type { Ticket } from '../intake/ticket.ts';
import { hasCode, LogError } from '../log-error.ts';
import type { Token } from '../ports/index.ts';
import { sortBatch } from './old-entries.ts';
import { Wake } from './wake.ts';
import { wentBack } from './went-back.ts';

/** The store tried for as long as clients wait, and stored nothing. */
function isOutOfReach(cause: unknown): cause is LogError {
  return hasCode(cause, 'pushback') && cause.reason === 'storage';
}

/**
 * First stage: gives entries their indexes. A batch is whatever arrived while the previous one became durable
 * (adaptive group commit); only where transactions are billed or contended does it wait for more.
 */
export class Sequencer {
  readonly wake: Wake = new Wake();
  readonly #state: EngineState;
  readonly #intake: Intake;
  readonly #backlog: Backlog;
  readonly #sequenced: () => void;
  #inFlight = 0;
  #probing = false;

  constructor(state: EngineState, intake: Intake, backlog: Backlog, sequenced: () => void) {
    this.#state = state;
    this.#intake = intake;
    this.#backlog = backlog;
    this.#sequenced = sequenced;
  }

  /** No batch is on its way. */
  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  /** Runs until the log closes and nothing is queued, or until it fails. */
  async run(): Promise<void> {
    const { signal } = this.#state.stop;
    while (!signal.aborted) {
      if (this.#intake.queued === 0 || this.#inFlight >= this.#state.options.appendsInFlight) {
        if (this.#state.closing && this.#intake.queued === 0 && this.#inFlight === 0) return;
        await this.wake.wait();
        continue;
      }
      // One turn of the event loop: whatever is ready now shares the sync.
      await this.#state.deps.clock.turn();
      await this.#linger();
      const batch = this.#intake.take();
      this.#inFlight += 1;
      void this.#sequence(batch)
        .finally(() => {
          this.#inFlight -= 1;
          this.wake.wake();
        })
        .then(this.#sequenced)
        .catch((cause: unknown) => this.#state.fail(cause, 'sequenced entries could not be handed on'));
    }
  }

  /** Where each batch costs a transaction, entries wait for others a little: until the batch is full, or the log closes. */
  async #linger(): Promise<void> {
    const { deps, options, stop } = this.#state;
    const { maxEntries, lingerMs = 0 } = options.batch;
    const end = deps.clock.monotonicMs() + lingerMs;
    while (lingerMs > 0 && this.#intake.queued < maxEntries && !this.#state.closing && !stop.signal.aborted) {
      const left = end - deps.clock.monotonicMs();
      if (left <= 0) return;
      await this.wake.waitAtMost(left, deps.clock);
    }
  }

  async #sequence(batch: readonly Ticket[]): Promise<void> {
    let fresh = batch;
    try {
      fresh = await this.#withoutOld(batch);
      if (fresh.length > 0) await this.#append(fresh);
    } catch (error) {
      const failure = this.#asFailure(error);
      for (const ticket of fresh) this.#intake.turnAway(ticket, failure);
      if (isOutOfReach(failure)) this.#turnAwayQueue(failure);
    }
  }

  /** What waits behind a batch that the store did not take would wait as long again, and fare no better. */
  #turnAwayQueue(failure: LogError): void {
    while (this.#intake.queued > 0) {
      for (const ticket of this.#intake.take()) this.#intake.turnAway(ticket, failure);
    }
  }

  /** Takes out what the persistent index already knows; those wait for publication only. */
  async #withoutOld(batch: readonly Ticket[]): Promise<readonly Ticket[]> {
    const { dedupe } = this.#state;
    if (dedupe === undefined) return batch;
    const { fresh, old, undecided } = await sortBatch(this.#state, dedupe, batch);
    for (const { ticket, index } of old) this.#foundOld(ticket, index);
    for (const { ticket, error } of undecided) this.#intake.turnAway(ticket, error);
    return fresh;
  }

  #foundOld(ticket: Ticket, index: number): void {
    ticket.old = true;
    ticket.place(index);
    ticket.data = undefined;
    this.#intake.release(ticket);
    this.#intake.forget(ticket.key);
    this.#state.deps.events.emit({ type: 'duplicate', index });
    const { answerable } = this.#state;
    if (index < answerable.tree.size) ticket.settle(answerable, undefined);
    else this.#backlog.awaitPublished(ticket);
  }

  async #append(batch: readonly Ticket[]): Promise<void> {
    const { clock, entropy, events } = this.#state.deps;
    const started = clock.monotonicMs();
    const entries = batch.map((ticket) => ticket.data ?? new Uint8Array(0));
    const given = Math.max(this.#state.next, this.#state.known.size);
    const first = await this.#settled(entries, entropy.token());
    if (first < given) throw wentBack(given, first);
    this.#backlog.push(first, batch);
    this.#state.next = Math.max(this.#state.next, first + batch.length);
    this.#state.stalls.leave('sequence');
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0);
    events.emit({ type: 'sequenced', first, count: batch.length, bytes, ms: clock.monotonicMs() - started });
  }

  /** An unknown outcome is settled by asking again with the same token: never reported as failure while we live. */
  async #settled(entries: readonly Uint8Array[], token: Token): Promise<number> {
    const { deps, options, stop } = this.#state;
    let unknown = false;
    for (let pause = options.retry.firstMs; ; pause = Math.min(2 * pause, options.retry.lastMs)) {
      try {
        return await deps.sequence.append(entries, token, stop.signal);
      } catch (error) {
        // That the repetition is refused says nothing of the first try, which may still land; only a freeze ends both.
        const open = hasCode(error, 'outcome-unknown') || (unknown && hasCode(error, 'pushback', 'storage-full'));
        if (!open || stop.signal.aborted) throw error;
        unknown = true;
        this.#state.stalls.enter('sequence', error.message);
      }
      await deps.clock.sleep(pause, stop.signal);
    }
  }

  #asFailure(cause: unknown): LogError {
    if (hasCode(cause, 'storage-full') || isOutOfReach(cause)) {
      this.#state.stalls.enter('sequence', cause.message);
      if (!this.#probing) void this.#waitForRoom();
      return cause;
    }
    if (hasCode(cause, 'frozen')) this.#state.frozen = true;
    if (hasCode(cause, 'frozen', 'pushback')) return cause;
    const failure = this.#state.fail(cause, 'the sequence store failed');
    return new LogError('outcome-unknown', 'the log stopped while the entry was on its way; it may be in the log', {
      cause: failure,
    });
  }

  /** Looks for room on its own: readiness must come back even when no entry does. */
  async #waitForRoom(): Promise<void> {
    const { deps, options, stop, stalls } = this.#state;
    this.#probing = true;
    for (let pause = options.retry.firstMs; !stop.signal.aborted; pause = Math.min(2 * pause, options.retry.lastMs)) {
      await deps.clock.sleep(pause, stop.signal);
      if (stop.signal.aborted || this.#state.closing) return;
      if (await deps.sequence.room().catch(() => false)) {
        // In the same instant: an append that fails next must find that nobody looks any more.
        this.#probing = false;
        stalls.leave('sequence');
        return;
      }
    }
  }
}
