import type { Hash } from '@tilewright/core/bytes';
import { Ledger, type Promised } from '../../crash/judge/ledger.ts';
import type { PromiseJournal } from './promise-journal.ts';

/** A ledger whose promises outlive the run. What was answered is written down by the book, which is told it as well. */
export class JournaledLedger extends Ledger {
  #journal: PromiseJournal | undefined;
  #published = -1;
  readonly #paths = new Set<string>();

  /** From here on what it is told is written down: what it was told before came from the journal. */
  writeTo(journal: PromiseJournal): void {
    this.#journal = journal;
  }

  override checkpoint(size: number, root: Hash): void {
    this.#journal?.add({ kind: 'checkpoint', size, root });
    super.checkpoint(size, root);
  }

  override published(size: number, promised?: Promised): void {
    if (size > this.#published) {
      this.#journal?.add({ kind: 'published', size });
      this.#published = size;
    }
    super.published(size, promised);
  }

  override served(path: string, digest: string): void {
    if (!this.#paths.has(path)) {
      this.#journal?.add({ kind: 'served', path, digest });
      this.#paths.add(path);
    }
    super.served(path, digest);
  }
}
