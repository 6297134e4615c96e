import type { LogErrorCode, PushbackReason } from '@tilewright/log';
import type { LogAttributes, ServerLog } from '../../logging/server-log.ts';
import type { FamilySample } from '../../metrics/prometheus/sample-sums.ts';
import type { ServerErrorCode } from '../../server-error.ts';
import type { ToldBackend } from '../../verify/ecdsa/told-backend.ts';

/** Entries for the engine, and how many requests more (or fewer) are on their way. */
export interface Submissions {
  readonly type: 'submissions';
  /** Requests that were announced since the last message. */
  readonly expected: number;
  /** Announced ones that brought no entry. */
  readonly cancelled: number;
  /** One for each entry, by which its receipt is known. */
  readonly ids: Uint32Array<ArrayBuffer>;
  /** Length of each entry. */
  readonly lengths: Uint32Array<ArrayBuffer>;
  /** Each entry: its leaf hash of 32 bytes, then its data. Moves to the engine's thread. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A published checkpoint as it crosses; receipts of one publication share one. */
export interface CrossingPublication {
  /** Of one engine, each publication has its own number. */
  readonly number: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: Uint8Array;
}

/** What became of entries that got in, one after another. */
export interface Receipts {
  readonly type: 'receipts';
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly indexes: Float64Array<ArrayBuffer>;
  /** 1 where the log held the entry before. */
  readonly duplicates: Uint8Array<ArrayBuffer>;
  /** Which of `publications` covers the entry; {@link NO_PUBLICATION} where only its place is known. */
  readonly covers: Uint16Array<ArrayBuffer>;
  /** Hashes in each proof; {@link NO_PROOF} where there is none. */
  readonly proofLengths: Uint8Array<ArrayBuffer>;
  /** All proofs, 32 bytes a hash. Moves to the front end's thread. */
  readonly hashes: Uint8Array<ArrayBuffer>;
  readonly publications: readonly CrossingPublication[];
}

export const NO_PUBLICATION = 0xffff;
export const NO_PROOF = 255;

/** A `LogError`, or with another code whatever else was thrown, as it crosses. */
export interface CrossingError {
  readonly code: LogErrorCode | 'unexpected';
  readonly message: string;
  readonly reason?: PushbackReason | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** An entry that the log proved. */
export interface CrossingEntry {
  readonly entry: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly publication: CrossingPublication;
}

/** From a front end to the engine's thread. */
export type FromFrontEnd =
  /** It listens; a front end that checks no signatures has nothing to tell. */
  | { readonly type: 'listening'; readonly verifying: ToldBackend | undefined }
  /** It could not: the thread ends. */
  | { readonly type: 'not-listening'; readonly code: ServerErrorCode; readonly message: string }
  | Submissions
  | { readonly type: 'prove'; readonly id: number; readonly index: number }
  | {
      readonly type: 'line';
      readonly level: keyof ServerLog;
      readonly message: string;
      readonly attributes: LogAttributes | undefined;
    }
  /** Once a second, and when asked: it lives, and this is what it has counted. */
  | { readonly type: 'measured'; readonly samples: readonly FamilySample[]; readonly asked: boolean }
  | { readonly type: 'closed' };

/** From the engine's thread to a front end. */
export type ToFrontEnd =
  | Receipts
  | { readonly type: 'refusals'; readonly ids: readonly number[]; readonly errors: readonly CrossingError[] }
  | { readonly type: 'proven'; readonly id: number; readonly outcome: CrossingEntry | CrossingError }
  | { readonly type: 'readiness'; readonly reason: string | undefined }
  | { readonly type: 'measure' }
  | { readonly type: 'close'; readonly graceMs: number };
