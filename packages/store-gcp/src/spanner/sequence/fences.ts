import { asLeafIndex, equalBytes, type LeafIndex, type TreeSize } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { LogError } from '@tilewright/log';
import type { CommittedTree } from '@tilewright/log/ports';
import { intCell, textCell } from '../rpc/cells.ts';
import type { SpannerConnection } from '../spanner-connection.ts';
import { committed, coordOf, coords, setCoord, setTree, treeOf } from './coords.ts';

function isSame(one: Tree, other: Tree): boolean {
  return one.size === other.size && equalBytes(one.root, other.root);
}

/**
 * COMMIT POINT of integration. The row 'next' is read under the same lock: a database that was put back must not get a tree
 * of entries that it does not hold. Where nobody knows whether a commit took effect, the next try finds `from`, and the
 * earlier one can no longer commit; or exactly `to`, which is as good whoever wrote it: equal size and root are one tree.
 * Nothing depends on what became of an attempt: whichever was sent before may have been the one.
 */
export function advance(connection: SpannerConnection, from: CommittedTree, to: Tree): Promise<CommittedTree | 'lost'> {
  let sent = false;
  return connection.retry('advance', () =>
    connection.transact<CommittedTree | 'lost'>(coords('next', 'tree'), (rows) => {
      const stored = treeOf(coordOf(rows, 'tree'));
      if (!isSame(stored, from)) return { leave: sent && isSame(stored, to) ? committed(to) : 'lost' };
      if (to.size < from.size || to.size > coordOf(rows, 'next').size) {
        throw new LogError('fork', `the tree cannot go from size ${from.size} to ${to.size}`);
      }
      sent = true;
      return { mutations: [setCoord(connection, 'tree', to)], done: () => committed(to) };
    }),
  );
}

/**
 * COMMIT POINT of the signed floor. It never falls, and never changes its root at one size: that is the fence. The pause
 * between two publications is only for the sake of others; it is told by the database's own time, and the time in the row is
 * that of the last one: a raise that takes no slot (`ahead`) leaves it as it is. Where nobody knows whether a
 * commit took effect, the next try finds `to`, raised since the try before looked, and is content: nothing else can have
 * been written there but the very floor that is wanted.
 */
export async function raiseSigned(
  connection: SpannerConnection,
  to: CommittedTree,
  minAgeMs: number,
  ahead: boolean = false,
): Promise<'raised' | { readonly waitMs: number }> {
  // Nothing was heard of the database's time yet, as by a process that has just begun.
  if (connection.time.now() === undefined) await connection.retry('read', () => connection.read(coords('signed')));
  let sentAfterMs: number | 'not sent' | undefined = 'not sent';
  return connection.retry('raise the signed floor', () =>
    connection.transact<'raised' | { readonly waitMs: number }>(coords('signed'), (rows) => {
      const coord = coordOf(rows, 'signed');
      const stored = treeOf(coord);
      if (to.size < stored.size || (to.size === stored.size && !isSame(to, stored))) {
        throw new LogError('fork', `size ${to.size} must not be signed: ${stored.size} was`);
      }
      const wasSent = sentAfterMs !== 'not sent' && sentAfterMs !== coord.changedMs;
      if (wasSent && isSame(to, stored)) return { leave: 'raised' };
      const waitMs = waitFor(connection, coord.changedMs, minAgeMs);
      if (waitMs > 0 && (!ahead || isSame(to, stored))) return { leave: { waitMs } };
      if (waitMs > 0) return { mutations: [setTree(connection, 'signed', to)], done: () => ({ waitMs }) };
      sentAfterMs = coord.changedMs;
      return { mutations: [setCoord(connection, 'signed', to)], done: () => 'raised' };
    }),
  );
}

function waitFor(connection: SpannerConnection, raisedMs: number | undefined, minAgeMs: number): number {
  const nowMs = connection.time.now();
  if (raisedMs === undefined || nowMs === undefined) return 0;
  return Math.min(minAgeMs, raisedMs + minAgeMs - nowMs);
}

/** Where nobody knows whether a commit took effect, finding `to` is success: cursors only rise, and `to` is where it was to go. */
export function collect(connection: SpannerConnection, from: TreeSize, to: TreeSize): Promise<boolean> {
  let sent = false;
  return connection.retry('move the collection cursor', () =>
    connection.transact<boolean>(coords('collected'), (rows) => {
      const stored = coordOf(rows, 'collected').size;
      if (stored !== from) return { leave: sent && stored === to };
      sent = true;
      return { mutations: [setCoord(connection, 'collected', to)], done: () => true };
    }),
  );
}

/**
 * COMMIT POINT of the freeze, under the lock that every append takes. Repeatable as it is: whoever finds the mark, its own of
 * a try that nobody heard of or another's, is answered with what stands there.
 */
export function freeze(connection: SpannerConnection, atMs: number): Promise<LeafIndex> {
  return connection.retry('freeze', () =>
    connection.transact<LeafIndex>(coords('next'), (rows) => {
      const { size, frozenAtMs } = coordOf(rows, 'next');
      if (frozenAtMs !== undefined) return { leave: asLeafIndex(size) };
      const values = [{ values: [textCell('next'), intCell(atMs)] }];
      const update = { table: connection.table('Coord'), columns: ['name', 'frozenAtMs'], values };
      return { mutations: [{ update }], done: () => asLeafIndex(size) };
    }),
  );
}
