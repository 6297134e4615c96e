import { asLeafIndex, type LeafIndex } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { Token } from '@tilewright/log/ports';
import { bytesCell, COMMIT_TIME, intCell, intOf } from '../rpc/cells.ts';
import type { Mutation } from '../rpc/spanner-calls.ts';
import { isPassing, STATUS, statusOf, UnknownCommit, wordsOf } from '../rpc/status.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { encodeRows, insertRows } from './batch-rows.ts';
import { coordOf, coords, setCoord } from './coords.ts';

/** Milliseconds for which an append that certainly did not happen is tried again, before its entries are refused. */
const PATIENCE_MS = 15_000;
/** Milliseconds after which it is sensible to come back. */
const COME_BACK_MS = 1_000;

/**
 * Gives `entries` the next indexes. Two calls: the row 'next' of `Coord` is read under an exclusive lock, which every append
 * and the freeze take; then the batch, its token and the new 'next' are committed.
 *
 * COMMIT POINT of sequencing. ABORTED, and failures before the commit was sent, stored nothing: it is tried again here, and
 * refused as 'pushback' after a while. Where nobody knows whether the commit took effect, the engine asks again with the same
 * token. The token is a key, so either that insert succeeds, and the first commit never can, or the token is there
 * (ALREADY_EXISTS), and its row tells the index. The row of the token outlives those of the entries: another replica may have
 * integrated, published and released them by then.
 */
export async function append(
  connection: SpannerConnection,
  entries: readonly Uint8Array[],
  token: Token,
  signal: AbortSignal,
): Promise<LeafIndex> {
  const rows = encodeRows(entries);
  const key = bytesCell(token);
  const once = async (): Promise<LeafIndex> => {
    if (signal.aborted) throw new LogError('aborted', 'the append was called off before it was sent');
    const first = await connection.transact<number | 'frozen'>(coords('next'), (found) => {
      const next = coordOf(found, 'next');
      if (next.frozenAtMs !== undefined) return { leave: 'frozen' };
      const from = next.size;
      const values = [{ values: [key, intCell(from), intCell(entries.length), COMMIT_TIME] }];
      const batch: Mutation = {
        insert: { table: connection.table('Batch'), columns: ['token', 'first', 'count', 'committedAt'], values },
      };
      const seq = rows.length === 0 ? [] : [insertRows(connection, from, rows)];
      return { mutations: [batch, ...seq, setCoord(connection, 'next', from + entries.length)], done: () => from };
    });
    if (first !== 'frozen') return asLeafIndex(first);
    // Seen after the freeze: a commit of this token came before it, or never comes.
    const before = await indexOf(connection, key);
    if (before === undefined) throw new LogError('frozen', 'the log is frozen: it takes no more entries');
    return before;
  };
  return connection.retry(
    'append',
    () => once().catch((error: unknown) => settle(connection, key, error)),
    {
      isTransient: isPassing,
      asFailure: (error) => failureOf(connection, error),
    },
    PATIENCE_MS,
  );
}

/** The index under a token that is already there; otherwise what `error` says. */
async function settle(
  connection: SpannerConnection,
  key: ReturnType<typeof bytesCell>,
  error: unknown,
): Promise<LeafIndex> {
  if (error instanceof UnknownCommit) {
    const why = wordsOf(error.cause);
    throw new LogError('outcome-unknown', `Spanner did not say whether it stored the entries: ${why}`, {
      cause: error,
    });
  }
  if (statusOf(error) !== STATUS.alreadyExists) throw error;
  // Of a token that is there the index is durable: what fails from here on does not make it unknown, only unsaid.
  const first = await indexOf(connection, key).catch((cause: unknown) => {
    if (!isPassing(cause)) throw cause;
    throw new LogError('outcome-unknown', 'Spanner stored the entries and does not say where', { cause });
  });
  if (first !== undefined) return first;
  throw new LogError(
    'corrupt',
    "entries are stored at the log's next index: the row 'next' of table Coord was put back",
    {
      cause: error,
    },
  );
}

async function indexOf(
  connection: SpannerConnection,
  key: ReturnType<typeof bytesCell>,
): Promise<LeafIndex | undefined> {
  const { rows } = await connection.read({ table: 'Batch', columns: ['first'], keys: { keys: [{ values: [key] }] } });
  return rows[0] === undefined ? undefined : asLeafIndex(intOf(rows[0][0]));
}

/** What it means that nothing was stored: what may pass is refused, and the rest is the end of writing. */
export function failureOf(connection: SpannerConnection, error: unknown): LogError {
  if (connection.closing.aborted)
    return new LogError('closing', 'the connection to Spanner is closed', { cause: error });
  if (isPassing(error)) {
    return new LogError('pushback', `Spanner stored nothing: ${wordsOf(error)}`, {
      reason: 'storage',
      retryAfterMs: COME_BACK_MS,
      cause: error,
    });
  }
  return connection.failure(error);
}
