/** What a log can be found to have done. The names are stable: scripts may rely on them. */
export type ViolationKind =
  /** An answer to an accepted write has no index or no proof. */
  | 'bad-answer'
  /** The proof in an answer does not hold for the entry that was sent. */
  | 'bad-proof'
  /** A bundle holds other bytes than the signed tree. */
  | 'wrong-entry'
  /** An entry is in the signed tree, at another index than was answered. */
  | 'wrong-index'
  /** The signed tree holds another entry at an answered index, and the one that was sent nowhere near. */
  | 'entry-lost'
  /** No checkpoint covered an answered index in time. */
  | 'not-integrated'
  /** The log's key did not sign the checkpoint, or it is another log's. */
  | 'checkpoint-signature'
  /** A checkpoint is smaller than one that was seen before it was asked for. */
  | 'checkpoint-went-back'
  /** A signed tree does not continue, or is not, the tree of the log's entries. */
  | 'checkpoint-inconsistent'
  /** A tile or bundle that a signed tree needs is not there. */
  | 'missing-object'
  /** A tile that does not belong to the signed tree, or an object that cannot be read. */
  | 'wrong-object'
  /** The log could not be read for so long that nothing can be said. */
  | 'unreadable'
  /** Every write failed. */
  | 'nothing-accepted';

/** One thing that a log did. */
export interface Violation {
  readonly kind: ViolationKind;
  /** One sentence, with the index or the sizes. */
  readonly message: string;
  /** Files that show it, by name. */
  readonly evidence: Readonly<Record<string, Uint8Array | string>>;
}

/** More are noted by nobody. */
const MOST_VIOLATIONS = 10;

/** Collects what is found; the first violation ends the run. */
export class Judge {
  readonly violations: Violation[] = [];
  readonly #broken = new AbortController();

  /** Fires at the first violation. */
  get broken(): AbortSignal {
    return this.#broken.signal;
  }

  /** Notes a violation, each kind once. */
  report(kind: ViolationKind, message: string, evidence: Violation['evidence'] = {}): void {
    const isKnown = this.violations.some((violation) => violation.kind === kind);
    if (!isKnown && this.violations.length < MOST_VIOLATIONS) this.violations.push({ kind, message, evidence });
    this.#broken.abort();
  }
}
