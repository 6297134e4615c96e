import { ProofTable } from '@tilewright/core/builder';
import { equalBytes, type Hash } from '@tilewright/core/bytes';
import type { Backlog } from '../intake/backlog.ts';
import type { Intake } from '../intake/intake.ts';
import type { Publication } from '../intake/publication.ts';
import type { Ticket } from '../intake/ticket.ts';
import { hasCode, LogError } from '../log-error.ts';
import { TileProofs } from '../reading/prove-entry.ts';
import type { EngineState } from './engine-state.ts';

/** Answers those who wait, as publications cover them. Every proof is verified before it leaves. */
export class Answers {
  readonly #state: EngineState;
  readonly #intake: Intake;
  readonly #backlog: Backlog;
  /** Proofs that are still being read from tiles, and who waits for them. */
  readonly #proving = new Map<Promise<void>, Ticket>();

  constructor(state: EngineState, intake: Intake, backlog: Backlog) {
    this.#state = state;
    this.#intake = intake;
    this.#backlog = backlog;
  }

  /** Answers everyone whom the checkpoint covers that entries are answered with. Returns the entries that are new in it, and how many were answered. */
  settleCovered(): { readonly fresh: readonly Ticket[]; readonly answered: number } {
    const covered = this.#backlog.covered(this.#state.answerable.tree.size);
    const fresh = covered.filter((ticket) => !ticket.old);
    for (const ticket of fresh) this.#intake.release(ticket);
    if (covered.length > 0) this.#settle(covered);
    return { fresh, answered: covered.length };
  }

  /** Resolves when no answer is on its way any more. */
  async finished(): Promise<void> {
    await Promise.all(this.#proving.keys());
  }

  /** Turns away everyone whose proof is still being read: a read may never end. */
  abandon(error: LogError): void {
    for (const ticket of this.#proving.values()) ticket.reject(error);
  }

  #settle(covered: readonly Ticket[]): void {
    const { answerable: publication, edge, deps, stop, shape } = this.#state;
    // Another replica may have published beyond or before our edge: then proofs come from the tiles.
    const table = equalBytes(edge.tree.root, publication.tree.root) ? new ProofTable(edge) : undefined;
    const tiles = new TileProofs(deps.objects, publication, { signal: stop.signal, shape });
    for (const ticket of covered) {
      const index = ticket.index ?? 0;
      if (ticket.old || ticket.waiting === 0) ticket.settle(publication, undefined);
      else if (table?.covers(index)) this.#settleFrom(table, ticket, index);
      else this.#settleLater(tiles.prove(index, ticket.leafHash), ticket, index, publication);
    }
  }

  #settleFrom(table: ProofTable, ticket: Ticket, index: number): void {
    if (table.verify(index, ticket.leafHash)) ticket.settle(this.#state.answerable, table.proof(index));
    else this.#proofFailed(ticket, index, undefined);
  }

  #settleLater(proof: Promise<readonly Hash[]>, ticket: Ticket, index: number, publication: Publication): void {
    const proving = proof
      .then((hashes) => ticket.settle(publication, hashes))
      .catch((cause: unknown) => this.#proofFailed(ticket, index, cause))
      .finally(() => this.#proving.delete(proving));
    this.#proving.set(proving, ticket);
  }

  #proofFailed(ticket: Ticket, index: number, cause: unknown): void {
    const { deps, stop } = this.#state;
    const disproved = cause === undefined || hasCode(cause, 'proof-failed', 'corrupt');
    if (stop.signal.aborted || !disproved) {
      const why = stop.signal.aborted ? 'the log stopped before' : 'the tiles could not be read when';
      ticket.reject(
        new LogError('outcome-unknown', `${why} the entry was to be proved; it may be in the log`, { cause }),
      );
      return;
    }
    deps.events.emit({ type: 'proof-failed', index });
    // Whoever sends it again must not be answered from memory with an index that does not hold it.
    if (this.#intake.known.get(ticket.key) === ticket) this.#intake.forget(ticket.key);
    ticket.reject(
      hasCode(cause, 'corrupt')
        ? cause
        : new LogError('proof-failed', `no valid inclusion proof for entry ${index}`, { cause }),
    );
  }
}
