import type { Hash } from '@tilewright/core/bytes';
import { EntryBook } from '../../crash/judge/entry-book.ts';
import type { Ledger } from '../../crash/judge/ledger.ts';
import type { PromiseJournal } from './promise-journal.ts';

/** A book of entries that outlives the run. */
export class JournaledBook extends EntryBook {
  readonly #ledger: Ledger;
  #journal: PromiseJournal | undefined;

  constructor(ledger: Ledger) {
    super(true);
    this.#ledger = ledger;
  }

  /** From here on what it is told is written down. */
  writeTo(journal: PromiseJournal): void {
    this.#journal = journal;
  }

  override send(leaf: Hash): number | undefined {
    const known = super.send(leaf);
    if (known === undefined) this.#journal?.add({ kind: 'sent', leaf });
    return known;
  }

  override refuse(leaf: Hash): void {
    this.#journal?.add({ kind: 'refused', leaf });
    super.refuse(leaf);
  }

  override answered(leaf: Hash, index: number, isCreated: boolean, known: number | undefined): string | undefined {
    // An index that is told again adds nothing to what was promised.
    if (isCreated || this.#ledger.acknowledged(index) === undefined) {
      this.#journal?.add({ kind: 'answered', leaf, index, isCreated });
    }
    return super.answered(leaf, index, isCreated, known);
  }
}
