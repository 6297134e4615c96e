import type { Hash } from '@tilewright/core/bytes';
import type { Answer } from '../net/answer-parser.ts';
import type { Endpoint } from '../net/endpoint.ts';

/** What kind of log it is: entries are any bytes, or signatures as Rekor v2 takes them. */
export type KindName = 'raw' | 'rekor';

/** A write that is ready to be sent. */
export interface Submission {
  /** The whole HTTP request. */
  readonly request: Uint8Array;
  /** The entry that it makes, as it must stand in the log. */
  readonly entry: Uint8Array;
  readonly leafHash: Hash;
}

/** A signed claim in an answer, that the entry is in a tree; nothing of it is verified. */
export interface Claim {
  readonly proof: readonly Hash[];
  readonly note: Uint8Array;
}

/**
 * What an answer to a write says.
 * - `accepted`: the entry has this index; `isDuplicate` when the log says that it had it before
 * - `frozen`: this log takes nothing more
 * - `failed`: nothing was accepted; `kind` is for counting
 * - `unreadable`: it says that the entry was accepted, but not where
 */
export type WriteResult =
  | { readonly kind: 'accepted'; readonly index: number; readonly isDuplicate: boolean; readonly claim?: Claim }
  | { readonly kind: 'frozen' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Where new submissions come from. */
export interface Supply {
  /** Submissions that no log has seen; undefined when all prepared ones are used. */
  next(): Submission | undefined;
}

/** How one kind of log is talked to. */
export interface LogKind {
  readonly name: KindName;
  /** The write path, for messages. */
  readonly writePath: string;
  /** Most accepted writes of a run that is not told how many. */
  readonly defaultGoal: number;
  /** Prepares submissions, so that nothing of that costs time later. */
  prepare(endpoint: Endpoint, options: SupplyOptions): Promise<Supply>;
  /** Reads any answer but a pushback. */
  read(answer: Answer): WriteResult;
}

/** What submissions are wanted. */
export interface SupplyOptions {
  /** Bytes of an entry, where that can be chosen. */
  readonly leafSize: number;
  /** How many, where they have to be prepared. */
  readonly count: number;
  /** Progress. */
  readonly say: (line: string) => void;
}
