import { GcpError } from '../../gcp-error.ts';
import type { RetryRules } from '../../retrying.ts';
import { bytesOf, intOf, isNull, type Row, textOf } from '../rpc/cells.ts';
import type { ReadSpec } from '../rpc/spanner-calls.ts';
import { isPassing, STATUS, statusOf, wordsOf } from '../rpc/status.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { FORMAT } from './tables.ts';

/** Which log the tables belong to. */
export interface LogIdentity {
  readonly origin: string;
  /** 32 bytes. */
  readonly logId: Uint8Array;
  readonly entries: 'rekor' | 'raw';
}

/** What a database holds of ours. */
export type SchemaState =
  /** There is no such database, or no such instance. */
  | { readonly kind: 'no-database' }
  /** None of our tables, or not all of them: making them was begun and not finished. */
  | { readonly kind: 'none' }
  /** Our tables; `identity` once a log has claimed them; `filling` while a migration copies a log into them. */
  | { readonly kind: 'current'; readonly identity: LogIdentity | undefined; readonly filling?: true }
  /** Tables of another version of this program. */
  | { readonly kind: 'older' | 'newer'; readonly format: number };

/** The one row of `Meta`. */
export const META: ReadSpec = {
  table: 'Meta',
  columns: ['format', 'origin', 'logId', 'entries', 'filling'],
  keys: { keys: [{ values: [{ stringValue: '0' }] }] },
};

/** What `connection` finds. @throws GcpError 'denied', 'unreachable' (after the patience of `retrying`) or 'failed' */
export async function readSchema(connection: SpannerConnection): Promise<SchemaState> {
  try {
    const { rows } = await connection.retry('read the schema', () => connection.read(META), SCHEMA_RULES);
    return schemaOf(rows);
  } catch (error) {
    if (!(error instanceof GcpError)) throw error;
    const kind = missing(error.cause);
    if (kind === undefined) throw error;
    return { kind };
  }
}

/** What the row of `Meta` says. */
export function schemaOf([row]: readonly Row[]): SchemaState {
  if (row === undefined) return { kind: 'none' };
  const format = intOf(row[0]);
  if (format !== FORMAT) return { kind: format < FORMAT ? 'older' : 'newer', format };
  return { kind: 'current', identity: identityOf(row), ...(isNull(row[4]) ? {} : { filling: true }) };
}

function identityOf([, origin, logId, entries]: Row): LogIdentity | undefined {
  if (isNull(origin)) return undefined;
  const kind = textOf(entries);
  if (kind !== 'rekor' && kind !== 'raw')
    throw new GcpError('failed', `the tables hold a log of unknown entries, '${kind}'`);
  return { origin: textOf(origin), logId: bytesOf(logId, 32), entries: kind };
}

/** What it is that is not there. */
function missing(error: unknown): 'none' | 'no-database' | undefined {
  const words = wordsOf(error);
  const status = statusOf(error);
  if ((status === STATUS.notFound || status === STATUS.invalidArgument) && /table not found/i.test(words))
    return 'none';
  if (status === STATUS.notFound && /(database|instance) not found/i.test(words)) return 'no-database';
  return undefined;
}

/** What failures of everything about the schema are to the operator. */
export const SCHEMA_RULES: RetryRules = { isTransient: isPassing, asFailure: asGcpError };

function asGcpError(error: unknown): GcpError {
  if (error instanceof GcpError) return error;
  const status = statusOf(error);
  const words = wordsOf(error);
  if (status === STATUS.permissionDenied || status === STATUS.unauthenticated) {
    return new GcpError('denied', `Spanner refuses: ${words}`, { cause: error });
  }
  if (isPassing(error)) return new GcpError('unreachable', `Spanner does not answer: ${words}`, { cause: error });
  return new GcpError('failed', `Spanner refuses: ${words}`, { cause: error });
}
