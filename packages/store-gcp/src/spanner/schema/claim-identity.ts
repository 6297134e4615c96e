import { equalBytes } from '@tilewright/core/bytes';
import { GcpError } from '../../gcp-error.ts';
import { bytesCell, intCell, textCell } from '../rpc/cells.ts';
import { UnknownCommit } from '../rpc/status.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { type LogIdentity, META, SCHEMA_RULES, schemaOf } from './read-schema.ts';

/**
 * Writes down which log the tables belong to, once and for all; whose they already are is compared.
 * @throws GcpError 'identity-mismatch', 'no-schema', 'schema-older', 'schema-newer', 'denied', 'unreachable', 'failed'
 */
export async function claimIdentity(connection: SpannerConnection, identity: LogIdentity): Promise<void> {
  // Repeatable: a claim of which nobody knows whether it took effect is found, and is the same.
  await connection.retry('claim the tables', () => claim(connection, identity), {
    ...SCHEMA_RULES,
    isTransient: (error) => error instanceof UnknownCommit || SCHEMA_RULES.isTransient(error),
  });
}

async function claim(connection: SpannerConnection, identity: LogIdentity): Promise<void> {
  const values = [intCell(0), textCell(identity.origin), bytesCell(identity.logId), textCell(identity.entries)];
  const update = {
    table: connection.table('Meta'),
    columns: ['id', 'origin', 'logId', 'entries'],
    values: [{ values }],
  };
  await connection.transact(META, (rows) => {
    const state = schemaOf(rows);
    if (state.kind === 'none' || state.kind === 'no-database') {
      throw new GcpError('no-schema', 'the database has no tables of a log: run `tilewright db init`');
    }
    if (state.kind !== 'current') {
      throw new GcpError(
        `schema-${state.kind}`,
        `the tables are of format ${state.format}, which is another program's`,
      );
    }
    if (state.identity === undefined) return { mutations: [{ update }], done: () => undefined };
    if (isSame(state.identity, identity)) return { leave: undefined };
    throw new GcpError(
      'identity-mismatch',
      `the tables belong to the log '${state.identity.origin}' (${state.identity.entries} entries), not to '${identity.origin}' (${identity.entries} entries) with this key`,
    );
  });
}

function isSame(one: LogIdentity, other: LogIdentity): boolean {
  return one.origin === other.origin && one.entries === other.entries && equalBytes(one.logId, other.logId);
}
