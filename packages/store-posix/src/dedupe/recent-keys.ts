import { LAYOUT } from '../directory/layout.ts';
import { PosixError } from '../posix-error.ts';
import { KEY_SIZE } from './leaf-table.ts';

/** Keys that were added in one commit, in order of index. */
export interface RecentKeys {
  readonly first: number;
  /** {@link KEY_SIZE} bytes a leaf. */
  readonly keys: Uint8Array;
}

/**
 * Checks rows of `recent`, in order of `first`, of an index that covers `covered` leaves: each continues the one before,
 * and the last ends where the index does. An index that says otherwise would miss leaves, or take none in any more.
 *
 * @throws PosixError 'corrupt' at the first row that does not fit.
 */
export function* checkRecent(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  covered: number,
): Generator<RecentKeys, void, undefined> {
  let next: number | undefined;
  for (const { first, keys } of rows) {
    if (typeof first !== 'number' || !Number.isSafeInteger(first) || first < 0 || first !== (next ?? first)) {
      throw indexDamage('a row does not continue the one before');
    }
    if (!(keys instanceof Uint8Array) || keys.length === 0 || keys.length % KEY_SIZE !== 0) {
      throw indexDamage('a row has no keys, or half of one');
    }
    next = first + keys.length / KEY_SIZE;
    yield { first, keys };
  }
  if (next !== undefined && next !== covered) throw indexDamage(`its rows end at ${next}, it covers ${covered}`);
}

/** What the dedupe index says is impossible: it is to be rebuilt. */
export function indexDamage(what: string): PosixError {
  return new PosixError('corrupt', `the dedupe index is damaged: ${what}`, { path: LAYOUT.dedupe });
}
