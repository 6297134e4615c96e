import { type Integration, integrate, type RightEdge } from '@tilewright/core/builder';
import { encodeBase64, equalBytes } from '@tilewright/core/bytes';
import { HASH_SIZE } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { TLOG_TILES } from '@tilewright/core/tiles';
import { LogError, loadEdge } from '@tilewright/log';
import type { CommittedTree } from '@tilewright/log/ports';
import { CommandError } from '../cli/command-error.ts';
import { CopySequencer } from './copy-sequencer.ts';
import type { Migration } from './migration.ts';
import { type Run, sourceRuns } from './source-runs.ts';

/** Entries of so many bytes are integrated at a time, or a little more: a bundle is not divided. */
export const STEP_BYTES: number = 16 * 1024 * 1024;
/** A step ends where a tile of level 1 does: fewer partial tiles are left behind. */
const STEP_ENTRIES = TLOG_TILES.width ** 2;
/** Entries of so many bytes, or a little more, are one append. */
const APPEND_BYTES = 4 * 1024 * 1024;
const OBJECTS_AT_A_TIME = 16;

/**
 * Copies the entries of the source's tree `to` behind the tree `from` of the destination, step by step: appended, integrated
 * into tiles that are derived from them alone, synced, advanced, and their sequenced copies released. Where a step ends is a
 * function of the entries and of where it began: whoever goes on after a crash writes the same objects.
 *
 * @returns the destination's tree, which is `to`
 */
export async function copyEntries(migration: Migration, from: CommittedTree, to: Tree): Promise<CommittedTree> {
  if (from.size === to.size) return from;
  const { source, destination, key, signal, parallel, stepBytes = STEP_BYTES } = migration;
  const { sequence, objects } = destination;
  const sequencer = new CopySequencer(sequence, key.logId, from.size, migration);
  let committed = from;
  let edge = await loadEdge(objects, from, TLOG_TILES);
  let step = new Step(from.size);
  for await (const run of sourceRuns(source, to, from.size, { parallel, signal })) {
    step.add(run);
    const whole = step.bytes >= stepBytes || step.end % STEP_ENTRIES === 0 || step.end === to.size;
    if (whole || step.unsentBytes >= APPEND_BYTES) {
      const { first, entries } = step.takeUnsent();
      await sequencer.append(first, entries);
    }
    if (!whole) continue;
    if (sequencer.strangersBelow > step.first) await compareSequenced(migration, step);
    const grown = growBy(edge, step, to);
    committed = await commit(migration, committed, grown);
    edge = grown.edge;
    step = new Step(committed.size);
    migration.progress?.(committed.size, to.size);
    if (signal.aborted) throw new LogError('aborted', 'the migration was stopped');
  }
  return committed;
}

/** Entries that are integrated together. */
class Step {
  readonly first: number;
  readonly runs: Run[] = [];
  end: number;
  bytes = 0;
  #sentRuns = 0;
  unsentBytes = 0;

  constructor(first: number) {
    this.first = first;
    this.end = first;
  }

  add(run: Run): void {
    const bytes = run.entries.reduce((sum, entry) => sum + entry.length, 0);
    this.runs.push(run);
    this.end = run.first + run.entries.length;
    this.bytes += bytes;
    this.unsentBytes += bytes;
  }

  takeUnsent(): { readonly first: number; readonly entries: readonly Uint8Array[] } {
    const runs = this.runs.slice(this.#sentRuns);
    this.#sentRuns = this.runs.length;
    this.unsentBytes = 0;
    return { first: runs[0]?.first ?? this.end, entries: runs.flatMap(({ entries }) => entries) };
  }

  get entries(): readonly Uint8Array[] {
    return this.runs.flatMap(({ entries }) => entries);
  }

  /** 32 bytes an entry, side by side. */
  get leafHashes(): Uint8Array {
    const bytes = new Uint8Array((this.end - this.first) * HASH_SIZE);
    for (const { first, leafHashes } of this.runs) {
      for (const [i, hash] of leafHashes.entries()) bytes.set(hash, (first - this.first + i) * HASH_SIZE);
    }
    return bytes;
  }
}

/** What somebody else sequenced must be the source's entries: an interrupted run's are. */
async function compareSequenced({ destination }: Migration, step: Step): Promise<void> {
  const { sequence, label } = destination;
  const all = { entries: Number.MAX_SAFE_INTEGER, bytes: Number.MAX_SAFE_INTEGER };
  const { batches } = await sequence.pending(all);
  const expected = step.entries;
  for (const batch of batches) {
    for (const [i, entry] of batch.entries.entries()) {
      const index = batch.first + i;
      const wanted = expected[index - step.first];
      if (wanted === undefined || equalBytes(wanted, entry)) continue;
      throw new CommandError(
        'refused',
        `${label} has another entry at index ${index} than the source: somebody else wrote to it. Nothing was published; begin again with an empty destination`,
      );
    }
  }
}

/** The edge after a step; at the size of the checkpoint it must be the tree that the log signed. */
function growBy(edge: RightEdge, step: Step, to: Tree): Integration {
  const grown = integrate(edge, { entries: step.entries, leafHashes: step.leafHashes }, edge.tree.size);
  const { size, root } = grown.tree;
  if (size !== to.size || equalBytes(root, to.root)) return grown;
  throw new CommandError(
    'failed',
    `the entries lead to the root ${encodeBase64(root)} at size ${size}, but the checkpoint signs ${encodeBase64(to.root)}: nothing was published`,
  );
}

/** In the engine's order: objects, sync, then (size, root) by compare-and-set. A crash before that leaves correct garbage. */
async function commit(
  { destination, clock, signal }: Migration,
  from: CommittedTree,
  { writes, tree }: Integration,
): Promise<CommittedTree> {
  const { objects, sequence, label } = destination;
  for (let at = 0; at < writes.length; at += OBJECTS_AT_A_TIME) {
    const some = writes.slice(at, at + OBJECTS_AT_A_TIME);
    const created = await Promise.allSettled(some.map(({ path, bytes }) => objects.create(path, bytes)));
    for (const outcome of created) if (outcome.status === 'rejected') throw outcome.reason;
  }
  await objects.sync();
  const committed = await sequence.advance(from, tree);
  if (committed === 'lost') {
    throw new CommandError(
      'failed',
      `somebody else integrates entries in ${label}: stop them, then run this command again`,
    );
  }
  await sequence.release(committed.size);
  // The signal's listeners and other work of this process get their turn.
  await clock.sleep(0, signal);
  return committed;
}
