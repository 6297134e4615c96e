import type { Batch, CommittedTree } from '@tilewright/log/ports';
import type { SpannerConnection } from '../spanner-connection.ts';
import { batchOf, rowsFrom } from './batch-rows.ts';
import { committed, coordOf, coords, treeOf } from './coords.ts';

/** The tree, and what is sequenced beyond it, as of one moment. Two calls; the second is stopped when enough has come. */
export async function pending(
  connection: SpannerConnection,
  max: { readonly entries: number; readonly bytes: number },
): Promise<{ readonly tree: CommittedTree; readonly batches: readonly Batch[] }> {
  const snapshot = await connection.read(coords('tree', 'next'));
  const tree = committed(treeOf(coordOf(snapshot.rows, 'tree')));
  const batches: Batch[] = [];
  if (coordOf(snapshot.rows, 'next').size === tree.size) return { tree, batches };
  let entries = 0;
  let bytes = 0;
  let next: number = tree.size;
  for await (const row of connection.readAt(snapshot, rowsFrom(tree.size))) {
    const batch = batchOf(row, tree.size);
    // A gap: what comes behind it cannot be integrated, and the engine finds out why something is missing.
    if (batch.first !== next) break;
    entries += batch.entries.length;
    bytes += batch.entries.reduce((sum, entry) => sum + entry.length, 0);
    if (batches.length > 0 && (entries > max.entries || bytes > max.bytes)) break;
    batches.push(batch);
    next += batch.entries.length;
    if (entries >= max.entries || bytes >= max.bytes) break;
  }
  return { tree, batches };
}
