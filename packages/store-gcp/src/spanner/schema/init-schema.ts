import { EMPTY_ROOT } from '@tilewright/core/hash';
import { GcpError } from '../../gcp-error.ts';
import { bytesCell, intCell, NULL, textCell } from '../rpc/cells.ts';
import type { Mutation } from '../rpc/spanner-calls.ts';
import { STATUS, statusOf } from '../rpc/status.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { makeDatabase, runStatements } from './make-database.ts';
import { readSchema, SCHEMA_RULES, type SchemaState } from './read-schema.ts';
import { COORDS, createTables, FORMAT } from './tables.ts';

/**
 * Makes our tables, with the state of a log of no entries. Does nothing where they are; may be run by several processes at
 * once, and again after one that stopped half-way: 'created' is the answer of the one whose rows they are.
 * `create` makes a missing database too, and on an emulator the instance.
 * @throws GcpError 'no-place', 'schema-older', 'schema-newer', 'denied', 'unreachable', 'failed'
 */
export async function initSchema(
  connection: SpannerConnection,
  { create }: { readonly create: boolean },
): Promise<'created' | 'exists'> {
  const state = await readSchema(connection);
  if (state.kind === 'current') return 'exists';
  refuseOther(state);
  if (state.kind === 'no-database') {
    if (!create) throw noDatabase(connection);
    await makeDatabase(connection);
  }
  await runStatements(connection, createTables(connection.place.tablePrefix));
  return connection.retry('make the first rows', () => insertRows(connection), SCHEMA_RULES);
}

/** COMMIT POINT of a schema: all rows or none. Those of another Job, or of our own try before, are as good. */
async function insertRows(connection: SpannerConnection): Promise<'created' | 'exists'> {
  try {
    await connection.write(firstRows(connection));
    return 'created';
  } catch (error) {
    if (statusOf(error) !== STATUS.alreadyExists) throw error;
    return 'exists';
  }
}

function firstRows(connection: SpannerConnection): Mutation[] {
  const empty = bytesCell(EMPTY_ROOT);
  const coords = COORDS.map((name) => ({
    values: [textCell(name), intCell(0), name === 'tree' || name === 'signed' ? empty : NULL],
  }));
  return [
    {
      insert: {
        table: connection.table('Meta'),
        columns: ['id', 'format'],
        values: [{ values: [intCell(0), intCell(FORMAT)] }],
      },
    },
    { insert: { table: connection.table('Coord'), columns: ['name', 'size', 'root'], values: coords } },
  ];
}

/** Brings the tables of an older program up to this one's. @throws GcpError as {@link initSchema} does, and 'no-schema' */
export async function migrateSchema(connection: SpannerConnection): Promise<'current' | 'migrated'> {
  const state = await readSchema(connection);
  if (state.kind === 'current') return 'current';
  if (state.kind === 'no-database') throw noDatabase(connection);
  if (state.kind === 'none') {
    throw new GcpError('no-schema', 'the database has no tables of a log: run `tilewright db init`');
  }
  // Format 1 is the first: there is no older one to come from, and a newer one is for a newer program.
  refuseOther(state);
  return 'current';
}

function refuseOther(state: SchemaState): void {
  if (state.kind === 'newer') {
    throw new GcpError(
      'schema-newer',
      `the tables are of format ${state.format}, this program knows ${FORMAT}: use the program that wrote them`,
    );
  }
  if (state.kind === 'older') {
    throw new GcpError(
      'schema-older',
      `the tables are of format ${state.format}: no program that was released wrote them`,
    );
  }
}

function noDatabase({ place }: SpannerConnection): GcpError {
  return new GcpError(
    'no-place',
    `there is no database '${place.database}' in Spanner instance '${place.instance}': create it, or run \`tilewright db init --create\``,
  );
}
