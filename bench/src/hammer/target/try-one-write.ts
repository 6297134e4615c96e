import { type Connection, ExchangeError } from '../net/connection.ts';
import { pushbackMs } from '../net/retry-after.ts';
import { Refused } from '../refused.ts';
import type { LogKind, Submission } from './log-kind.ts';

/** The index of the entry that was tried; undefined when the log was busy, which says that it takes some. */
export type Tried = number | undefined;

/**
 * Writes one entry, to see whether the log takes any: nothing else tells a frozen log.
 * @throws Refused
 */
export async function tryOneWrite(
  kind: LogKind,
  url: string,
  connection: Connection,
  submission: Submission,
): Promise<Tried> {
  const where = `POST ${kind.writePath}`;
  try {
    const answer = await connection.exchange(submission.request);
    if (pushbackMs(answer, Date.now()) !== undefined) return undefined;
    const result = kind.read(answer);
    switch (result.kind) {
      case 'accepted':
        return result.index;
      case 'frozen':
        throw new Refused(
          `the log at ${url} takes no entries: ${where} answers ${answer.status}, as a frozen log does`,
        );
      case 'failed':
        throw new Refused(`${url} is no ${kind.name} log that takes entries: ${where} answers ${answer.status}`);
      case 'unreadable':
        throw new Refused(`${url} is no ${kind.name} log: ${where} answers ${answer.status}, but ${result.reason}`);
    }
  } catch (cause) {
    if (!(cause instanceof ExchangeError)) throw cause;
    throw new Refused(`${url} gave no answer to ${where}: ${cause.message}`, { cause });
  }
}
