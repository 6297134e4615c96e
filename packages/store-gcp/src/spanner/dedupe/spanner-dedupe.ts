import { asLeafIndex, asTreeSize, encodeHex, type Hash, type LeafIndex } from '@tilewright/core/bytes';
import type { DedupeIndex } from '@tilewright/log/ports';
import { bytesCell, bytesOf, intCell, intOf, type Row } from '../rpc/cells.ts';
import type { Mutation, ReadSpec } from '../rpc/spanner-calls.ts';
import { isPassing, STATUS, statusOf } from '../rpc/status.ts';
import { failureOf } from '../sequence/append.ts';
import { coordOf, coords, setCoord } from '../sequence/coords.ts';
import type { SpannerConnection } from '../spanner-connection.ts';

/** Milliseconds for which a lookup is tried again, before the entries that wait for it are refused. */
const FIND_MS = 8_000;

/** Leaf hashes and their earliest index in Spanner. Closing it leaves the connection open. */
export function spannerDedupe(connection: SpannerConnection): DedupeIndex {
  return {
    covered: () =>
      connection.retry('read the dedupe cursor', async () => {
        const { rows } = await connection.read(coords('dedupe'));
        return coordOf(rows, 'dedupe').size;
      }),
    find: async (ids) => {
      if (ids.length === 0) return [];
      const rules = { isTransient: isPassing, asFailure: (error: unknown) => failureOf(connection, error) };
      const found = await connection.retry('look up duplicates', () => lookUp(connection, unique(ids)), rules, FIND_MS);
      return ids.map((id) => found.get(encodeHex(id)));
    },
    add: (from, ids) => add(connection, from, unique(ids, from), from + ids.length),
    reset: () => reset(connection),
    close: async () => {},
  };
}

/** Each hash once, by its hex, with the first index that holds it. */
type Earliest = ReadonlyMap<string, { readonly id: ReturnType<typeof bytesCell>; readonly index: number }>;

function unique(ids: readonly Hash[], from = 0): Earliest {
  const earliest = new Map<string, { id: ReturnType<typeof bytesCell>; index: number }>();
  for (const [at, id] of ids.entries()) {
    const key = encodeHex(id);
    if (!earliest.has(key)) earliest.set(key, { id: bytesCell(id), index: from + at });
  }
  return earliest;
}

function rowsOf(ids: Earliest): ReadSpec {
  return {
    table: 'Dedupe',
    columns: ['id', 'idx'],
    keys: { keys: Array.from(ids.values(), ({ id }) => ({ values: [id] })) },
  };
}

async function lookUp(connection: SpannerConnection, ids: Earliest): Promise<ReadonlyMap<string, LeafIndex>> {
  const { rows } = await connection.read(rowsOf(ids));
  return new Map(rows.map(([id, index]: Row) => [encodeHex(bytesOf(id, 32)), asLeafIndex(intOf(index))]));
}

/**
 * COMMIT POINT of the dedupe index: rows and cursor together. Two calls where no hash is known yet, as nearly always; where
 * one is, the commit fails as a whole (ALREADY_EXISTS), those that are there are read, and the others are inserted: no hash
 * ever leaves the table while the cursor stands, so an earlier index stays. Where nobody knows whether a commit took
 * effect, a cursor at `to` is success: whoever moved it there indexed the same entries.
 */
async function add(connection: SpannerConnection, from: number, ids: Earliest, to: number): Promise<boolean> {
  let known: ReadonlyMap<string, unknown> = new Map();
  let sent = false;
  const once = async (): Promise<boolean> => {
    for (;;) {
      try {
        return await connection.transact<boolean>(coords('dedupe'), (rows) => {
          const cursor = coordOf(rows, 'dedupe').size;
          if (cursor !== from) return { leave: sent && cursor === to };
          if (to === from) return { leave: true };
          sent = true;
          const absent = [...ids].filter(([key]) => !known.has(key));
          return {
            mutations: [...insertIds(connection, absent), setCoord(connection, 'dedupe', to)],
            done: () => true,
          };
        });
      } catch (error) {
        if (statusOf(error) !== STATUS.alreadyExists) throw error;
      }
      known = await lookUp(connection, ids);
    }
  };
  return connection.retry('add to the dedupe index', once);
}

function insertIds(connection: SpannerConnection, ids: readonly [string, { id: object; index: number }][]): Mutation[] {
  if (ids.length === 0) return [];
  const values = ids.map(([, { id, index }]) => ({ values: [id, intCell(index)] }));
  return [{ insert: { table: connection.table('Dedupe'), columns: ['id', 'idx'], values } }];
}

/** Rows and cursor in one commit, which may be repeated as it is. */
async function reset(connection: SpannerConnection): Promise<void> {
  const forget: Mutation = { delete: { table: connection.table('Dedupe'), keySet: { all: true } } };
  await connection.retry('reset the dedupe index', () =>
    connection.write([forget, setCoord(connection, 'dedupe', asTreeSize(0))]),
  );
}
