import { availableParallelism } from 'node:os';
import { sharesPorts } from '@tilewright/rekor-server';
import type { LogLines } from '../diagnostics/log-lines.ts';

/** Below this many processors, a thread more only takes turns with the others: measured on two. */
const FEWEST_PROCESSORS = 4;
/** The engine's thread keeps up with about so many. */
const MOST_BY_DEFAULT = 8;

/** How many threads serve clients; 1 is the engine's own. `asked` is the value of `--http-workers`. */
export function frontEndThreads(
  asked: number,
  lines: Pick<LogLines, 'warn'>,
  processors: number = availableParallelism(),
  canShare: boolean = sharesPorts(),
): number {
  if (!canShare) {
    if (asked > 1) lines.warn('this platform cannot share a port: one thread serves clients', { asked });
    return 1;
  }
  if (asked > 0) return asked;
  return processors < FEWEST_PROCESSORS ? 1 : Math.min(MOST_BY_DEFAULT, processors - 1);
}
