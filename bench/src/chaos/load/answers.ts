import type { Tally } from '../../crash/load/tally.ts';

/** Good requests that were told to come again, so far. */
export function refusals(tally: Tally): number {
  return sum(tally, ['http 503', 'grpc 14']);
}

/** Good requests that were told that they made an entry, so far. */
export function creations(tally: Tally): number {
  return sum(tally, ['http 201', 'grpc 0']);
}

/** Good requests that got no answer, so far. */
export function losses(tally: Tally): number {
  return sum(tally, ['lost']);
}

function sum(tally: Tally, kinds: readonly string[]): number {
  const answers = tally.of('answers');
  return kinds.reduce((total, kind) => total + (answers[kind] ?? 0), 0);
}
