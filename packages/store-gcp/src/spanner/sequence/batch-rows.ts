import { asLeafIndex, concatBytes } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import type { Batch } from '@tilewright/log/ports';
import { bytesCell, bytesOf, type Cell, intCell, intOf, type Row } from '../rpc/cells.ts';
import type { Mutation, ReadSpec } from '../rpc/spanner-calls.ts';
import type { SpannerConnection } from '../spanner-connection.ts';

/** A cell of Spanner holds 10 MiB: what is longer is split into several rows. */
const MAX_ROW_BYTES = 9 * 1024 * 1024;
const MAX_ENTRY_BYTES = 65_535;
const COLUMNS = ['last', 'first', 'entries'];

/** The rows of entries from index `from` on. Their key is the last index, so that one that is integrated in part is found. */
export function rowsFrom(from: number): ReadSpec {
  return {
    table: 'Seq',
    columns: COLUMNS,
    keys: { ranges: [{ startClosed: { values: [intCell(from)] }, endClosed: { values: [] } }] },
  };
}

/** Entries as they stand in rows: encoded once, whatever index they get. */
export type EncodedRows = readonly { readonly count: number; readonly cell: Cell }[];

/** Each entry behind its length in 16 bits, as in a bundle. @throws LogError 'entry-too-large' */
export function encodeRows(entries: readonly Uint8Array[], maxBytes: number = MAX_ROW_BYTES): EncodedRows {
  const rows: { count: number; cell: Cell }[] = [];
  for (let at = 0; at < entries.length; ) {
    const parts: Uint8Array[] = [];
    const first = at;
    for (let bytes = 0; at < entries.length; at++) {
      const entry = entries[at] ?? new Uint8Array(0);
      if (entry.length > MAX_ENTRY_BYTES) throw new LogError('entry-too-large', `an entry has ${entry.length} bytes`);
      bytes += 2 + entry.length;
      if (bytes > maxBytes && at > first) break;
      parts.push(Uint8Array.of(Math.floor(entry.length / 256), entry.length % 256), entry);
    }
    rows.push({ count: at - first, cell: bytesCell(concatBytes(...parts)) });
  }
  return rows;
}

/** Inserts the rows of a batch whose first entry gets index `first`. */
export function insertRows(connection: SpannerConnection, first: number, rows: EncodedRows): Mutation {
  let from = first;
  const values = rows.map(({ count, cell }) => {
    const value = { values: [intCell(from + count - 1), intCell(from), cell] };
    from += count;
    return value;
  });
  return { insert: { table: connection.table('Seq'), columns: COLUMNS, values } };
}

/** What a row holds from index `from` on. @throws LogError 'corrupt' */
export function batchOf([last, first, entries]: Row, from: number): Batch {
  const start = intOf(first);
  const all = decodeEntries(bytesOf(entries));
  if (start + all.length - 1 !== intOf(last)) {
    throw new LogError(
      'corrupt',
      `a row of table Seq says that it ends with entry ${intOf(last)}, and holds ${all.length} from ${start} on`,
    );
  }
  const at = Math.max(start, from);
  return { first: asLeafIndex(at), entries: all.slice(at - start) };
}

function decodeEntries(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + 2;
    const end = start + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (end > bytes.length) throw new LogError('corrupt', 'a row of table Seq ends within an entry');
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  return entries;
}
