import type { Leaves } from '@tilewright/core/builder';
import { HASH_SIZE } from '@tilewright/core/hash';
import type { Ticket } from './ticket.ts';

/** Consecutive entries that this process sequenced. */
interface Run extends Leaves {
  readonly first: number;
}

/** What this process sequenced and has not integrated, and whom it must answer once it is published. */
export class Backlog {
  #runs: Run[] = [];
  #awaiting: Ticket[] = [];

  /** Remembers a sequenced batch. The tickets give up their bytes to it. */
  push(first: number, tickets: readonly Ticket[]): void {
    const leafHashes = new Uint8Array(tickets.length * HASH_SIZE);
    const entries = tickets.map((ticket, at) => {
      const { data } = ticket;
      if (data === undefined) throw new RangeError('a ticket was sequenced twice');
      ticket.data = undefined;
      leafHashes.set(ticket.leafHash, at * HASH_SIZE);
      return data;
    });
    this.#runs.push({ first, entries, leafHashes });
    for (const [at, ticket] of tickets.entries()) {
      this.#awaiting.push(ticket);
      ticket.place(first + at);
    }
  }

  /** An entry that the log already holds: its submitters wait for a publication that covers it. */
  awaitPublished(ticket: Ticket): void {
    this.#awaiting.push(ticket);
  }

  /**
   * The runs that continue a tree of `size`, up to the caps and at least one. Empty when the next index is not here:
   * another replica sequenced it, or there is none.
   */
  takeFrom(size: number, max: { readonly maxEntries: number; readonly maxBytes: number }): Leaves[] {
    this.#runs = this.#runs.filter((run) => run.first >= size).sort((a, b) => a.first - b.first);
    const taken: Leaves[] = [];
    let next = size;
    let bytes = 0;
    for (const run of this.#runs) {
      if (run.first !== next) break;
      bytes += run.entries.reduce((sum, entry) => sum + entry.length, 0);
      if (taken.length > 0 && (next - size + run.entries.length > max.maxEntries || bytes > max.maxBytes)) break;
      taken.push(run);
      next += run.entries.length;
    }
    return taken;
  }

  /** Forgets the bytes of integrated entries. */
  integrated(size: number): void {
    this.#runs = this.#runs.filter((run) => run.first >= size);
  }

  /** Nobody waits for a publication. */
  get isAnswered(): boolean {
    return this.#awaiting.length === 0;
  }

  /** Somebody waits for an entry to be answered that is sequenced. */
  get isAwaited(): boolean {
    return this.#awaiting.some((ticket) => ticket.waiting > 0);
  }

  /** There are entries to publish, and all who sent them have what they waited for: an index, or they are gone. */
  get isUnawaited(): boolean {
    return this.#awaiting.length > 0 && !this.isAwaited;
  }

  /** The lowest index that somebody may still want a proof of, as far as a glance tells. */
  get oldest(): number | undefined {
    return this.#awaiting[0]?.index;
  }

  /** Removes and returns the tickets that a publication of `size` covers. */
  covered(size: number): Ticket[] {
    const done: Ticket[] = [];
    const waiting: Ticket[] = [];
    for (const ticket of this.#awaiting)
      (ticket.index !== undefined && ticket.index < size ? done : waiting).push(ticket);
    this.#awaiting = waiting;
    return done;
  }

  /** Removes and returns everything. */
  drain(): Ticket[] {
    this.#runs = [];
    return this.#awaiting.splice(0);
  }
}
