import { equalBytes } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { LogError } from '../log-error.ts';

/**
 * The log's state does not continue what it showed this process before: a database was put back to an older copy, and
 * may have grown since. Indexes would be given out twice, and the published tree contradicted.
 */
export function wentBack(from: number, to: number): LogError {
  return new LogError(
    'fork',
    `the log's state had ${from} entries, and now has ${to} that do not continue them: it was put back to an old copy; going on would fork the log`,
  );
}

/** Whether two values say the same of a log. */
export function sameTree(one: Tree, other: Tree): boolean {
  return one.size === other.size && equalBytes(one.root, other.root);
}
