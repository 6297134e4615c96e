import { asHash, asTreeSize, type TreeSize } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { LogError } from '@tilewright/log';
import type { CommittedTree, Head } from '@tilewright/log/ports';
import {
  bytesCell,
  bytesOf,
  type Cell,
  COMMIT_TIME,
  intCell,
  intOf,
  isNull,
  NULL,
  type Row,
  textCell,
  textOf,
  timeOf,
} from '../rpc/cells.ts';
import type { Mutation, ReadSpec } from '../rpc/spanner-calls.ts';
import type { CoordName } from '../schema/tables.ts';
import type { SpannerConnection } from '../spanner-connection.ts';

const COLUMNS = ['name', 'size', 'root', 'changedAt', 'frozenAtMs'];

/** All rows of `Coord`: one read shows the log's whole state. */
export const ALL_COORDS: ReadSpec = { table: 'Coord', columns: COLUMNS, keys: { all: true } };

/** These rows of `Coord`. */
export function coords(...names: CoordName[]): ReadSpec {
  return { table: 'Coord', columns: COLUMNS, keys: { keys: names.map((name) => ({ values: [textCell(name)] })) } };
}

/** One row of `Coord`. */
export interface Coord {
  readonly size: TreeSize;
  readonly root: Cell | undefined;
  /** When it was last changed, milliseconds since 1970 by the database; undefined while it never was. */
  readonly changedMs: number | undefined;
  readonly frozenAtMs: number | undefined;
}

/** The row `name` among `rows`. @throws LogError 'corrupt' where it is missing */
export function coordOf(rows: readonly Row[], name: CoordName): Coord {
  const row = rows.find(([cell]) => textOf(cell) === name);
  if (row === undefined)
    throw new LogError('corrupt', `the row '${name}' of table Coord is gone: restore the database`);
  const [, size, root, changedAt, frozenAtMs] = row;
  return {
    size: asTreeSize(intOf(size)),
    root,
    changedMs: timeOf(changedAt),
    frozenAtMs: isNull(frozenAtMs) ? undefined : intOf(frozenAtMs),
  };
}

/** The tree that a row holds. */
export function treeOf({ size, root }: Coord): Tree {
  return { size, root: asHash(bytesOf(root, 32)) };
}

/** The committed tree: only what was read from, or committed to, the row 'tree' may be called so. */
export function committed({ size, root }: Tree): CommittedTree {
  return { size, root } as CommittedTree;
}

/** The state as of the moment `readMs` of the database. */
export function headOf(rows: readonly Row[], readMs: number | undefined): Head {
  const next = coordOf(rows, 'next');
  const signed = coordOf(rows, 'signed');
  return {
    tree: committed(treeOf(coordOf(rows, 'tree'))),
    next: next.size,
    signed: treeOf(signed),
    raisedAgoMs:
      signed.changedMs === undefined || readMs === undefined ? undefined : Math.max(0, readMs - signed.changedMs),
    collected: coordOf(rows, 'collected').size,
    frozenAtMs: next.frozenAtMs,
  };
}

/** Writes a tree into a row of `Coord`, and leaves the time as it is that stands there. */
export function setTree(connection: SpannerConnection, name: CoordName, { size, root }: Tree): Mutation {
  const values = [{ values: [textCell(name), intCell(size), bytesCell(root)] }];
  return { update: { table: connection.table('Coord'), columns: ['name', 'size', 'root'], values } };
}

/** Writes a size, and for a tree its root, into a row of `Coord`. */
export function setCoord(connection: SpannerConnection, name: CoordName, to: number | Tree): Mutation {
  const { size, root } =
    typeof to === 'number' ? { size: to, root: NULL } : { size: to.size, root: bytesCell(to.root) };
  return {
    update: {
      table: connection.table('Coord'),
      columns: ['name', 'size', 'root', 'changedAt'],
      values: [{ values: [textCell(name), intCell(size), root, COMMIT_TIME] }],
    },
  };
}
