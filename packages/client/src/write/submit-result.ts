import { parseDecimal } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import type { LogEntry } from '../entry/verify-log-entry.ts';

/** How an answer arrived: an HTTP status, or a gRPC status code. */
export interface AnswerStatus {
  readonly protocol: 'http' | 'grpc';
  readonly code: number;
}

/**
 * What became of a submission. Entries in it are verified.
 * - `created`: logged now
 * - `exists`: the same entry was logged before; the log may have sent it
 * - `busy`: not taken; try again after a while
 * - `frozen`: this log takes nothing more; use its successor
 * - `refused`: the request is wrong; trying again does not help
 * - `failed`: the server failed; the entry may or may not have been logged
 */
export type SubmitResult =
  | { readonly kind: 'created'; readonly entry: LogEntry }
  | { readonly kind: 'exists'; readonly index: number | undefined; readonly entry?: LogEntry; readonly message: string }
  | {
      readonly kind: 'busy';
      readonly status: AnswerStatus;
      readonly message: string;
      /** How long the server asks to wait, in milliseconds. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'frozen' | 'refused' | 'failed'; readonly status: AnswerStatus; readonly message: string };

/** Messages come from a server: bounded, and on one line. */
export function shownMessage(message: string): string {
  return message
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500);
}

/** The index that a header names; undefined when it is absent or no number. */
export function indexFromHeader(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  try {
    return parseDecimal(value);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}
