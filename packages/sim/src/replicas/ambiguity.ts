import { LogError } from '@tilewright/log';
import type { Chooser } from '../choice/chooser.ts';

/** What can become of a call of a remote store, beside success. */
export type Mishap =
  /** It did not reach the store, and the caller is told so, or is told nothing certain. */
  | 'lost'
  /** It was carried out, and the caller is told that it is not known. */
  | 'applied'
  /** The caller is told that it is not known, and it is carried out some time later. */
  | 'late'
  /** The caller never hears of it; it did not reach the store. */
  | 'lost, never answered'
  /** The caller never hears of it; it was carried out. */
  | 'applied, never answered';

/** How often calls of each sort go wrong, as probabilities. */
export interface Mishaps {
  /** Appends, whose outcome may stay unknown: the engine asks again with the same token. */
  readonly append: number;
  /** Other writes: the engine cannot go on. */
  readonly write: number;
  /** Reads: the engine cannot go on. */
  readonly read: number;
  /** The dedupe index and housekeeping: the engine goes on. */
  readonly housekeeping: number;
  /** Any call: no answer ever comes. */
  readonly silence: number;
}

/** A network on which nothing is lost. */
export const NO_MISHAPS: Mishaps = { append: 0, write: 0, read: 0, housekeeping: 0, silence: 0 };

/** The sorts of calls that fail alike. */
export type CallSort = Exclude<keyof Mishaps, 'silence'>;

/** Whether this call goes wrong, and how. */
export function mishapOf(chooser: Chooser, mishaps: Mishaps, sort: CallSort): Mishap | undefined {
  const fails = mishaps[sort];
  const total = fails + mishaps.silence;
  if (total === 0) return undefined;
  const failing: Mishap[] = fails === 0 ? [] : sort === 'read' ? ['lost'] : ['lost', 'applied', 'late'];
  const silent: Mishap[] = mishaps.silence === 0 ? [] : ['lost, never answered', 'applied, never answered'];
  const kinds = [...failing, ...silent];
  return kinds[chooser.pick('fault', kinds.length + 1, 1 - total) - 1];
}

/** What the caller is told of a call of this sort that went wrong. */
export function errorOf(sort: CallSort): LogError {
  return sort === 'append'
    ? new LogError('outcome-unknown', 'the connection broke')
    : new LogError('storage-failed', 'the connection broke');
}
