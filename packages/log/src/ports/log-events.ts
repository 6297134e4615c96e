import type { LogError, PushbackReason } from '../log-error.ts';

/** What the engine and its drivers report, as a closed union. Sizes are entries, times milliseconds. */
export type LogEvent =
  | {
      readonly type: 'opened';
      readonly size: number;
      readonly next: number;
      readonly replayed: number;
      readonly ms: number;
    }
  | {
      readonly type: 'sequenced';
      readonly first: number;
      readonly count: number;
      readonly bytes: number;
      readonly ms: number;
    }
  | {
      readonly type: 'integrated';
      readonly from: number;
      readonly to: number;
      readonly objects: number;
      readonly ms: number;
    }
  | { readonly type: 'published'; readonly size: number; readonly waiters: number; readonly ms: number }
  /** A tree was signed and kept, and entries answered with it, ahead of its publication. */
  | { readonly type: 'signed'; readonly size: number; readonly waiters: number; readonly ms: number }
  /** A round of witnesses ended; `detail` says who is missing, and why. */
  | { readonly type: 'cosigned'; readonly size: number; readonly enough: boolean; readonly detail: string }
  | { readonly type: 'duplicate'; readonly index: number }
  | { readonly type: 'refused'; readonly reason: PushbackReason }
  | { readonly type: 'collected'; readonly from: number; readonly to: number }
  | { readonly type: 'dedupe-covered'; readonly covered: number; readonly lag: number }
  | { readonly type: 'dedupe-mismatch'; readonly index: number }
  | { readonly type: 'proof-failed'; readonly index: number }
  /** Something damaged was found and rebuilt, or something odd was tolerated; `detail` is a sentence for the operator. */
  | { readonly type: 'repaired'; readonly path: string; readonly detail: string }
  /** A call of a service failed for a passing reason, and is made for the `attempt`-th time; `detail` says why. */
  | { readonly type: 'retried'; readonly what: string; readonly attempt: number; readonly detail: string }
  /** Writing is held up and is tried again; `detail` is a sentence for the operator. */
  | {
      readonly type: 'stalled';
      readonly stage: 'sequence' | 'integrate' | 'publish' | 'witness' | 'dedupe' | 'collect';
      readonly detail: string;
    }
  | {
      readonly type: 'resumed';
      readonly stage: 'sequence' | 'integrate' | 'publish' | 'witness' | 'dedupe' | 'collect';
    }
  | { readonly type: 'failed'; readonly error: LogError }
  | { readonly type: 'closed'; readonly size: number; readonly settled: boolean };

/** Where events go. `emit` is synchronous and MUST NOT throw: it cannot fail the engine. */
export interface LogEvents {
  emit(event: LogEvent): void;
}
