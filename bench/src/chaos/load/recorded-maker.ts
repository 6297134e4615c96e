import { leafHash } from '@tilewright/core/hash';
import { canonicalBody } from '../../crash/canonical-body.ts';
import type { EntryBook } from '../../crash/judge/entry-book.ts';
import { EntryMaker, type EntryParts } from '../../requests/entry-request.ts';

/** Makes entries for clients that leave at any point: each of them may be in the log, once, or not. */
export class RecordedMaker extends EntryMaker {
  readonly #book: EntryBook;

  constructor(now: Date, book: EntryBook) {
    super(now);
    this.#book = book;
  }

  override make(certificate: boolean, padding?: number): EntryParts {
    const parts = super.make(certificate, padding);
    this.#book.send(leafHash(canonicalBody(parts)));
    return parts;
  }
}
