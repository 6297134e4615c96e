import { readCheckpoint } from '@tilewright/client';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { LogError } from '@tilewright/log';
import type { CommittedTree, StoredCheckpoint } from '@tilewright/log/ports';
import { CommandError } from '../cli/command-error.ts';
import { copyEntries } from './copy-entries.ts';
import { judgeDestination } from './judge-destination.ts';
import type { Migration } from './migration.ts';

/** What a migration did. */
export interface Migrated {
  /** The source's, which is the destination's now. */
  readonly checkpoint: OpenedCheckpoint;
  /** Entries that the destination held already. */
  readonly before: number;
  /** Whether anything was published: not when the destination had all of it. */
  readonly published: boolean;
}

/**
 * Copies a log into a store of ours, in order:
 * 1. the source's checkpoint is verified, and what the destination holds is proved to be a part of it;
 * 2. the destination is marked: from here on nobody but a migration opens it;
 * 3. entries are copied, and every tile is derived from them; see `copyEntries`;
 * 4. the signed floor is raised to the tree, whose root is the one that the log signed;
 * 5. the source's very checkpoint is stored, by compare-and-set: COMMIT POINT. No key is needed;
 * 6. the mark goes.
 * A crash anywhere leaves what the same call, made again, goes on from. A checkpoint of the source that is newer by then is
 * followed.
 *
 * @throws CommandError 'refused', 'failed'; ClientError of the source; LogError of the destination
 */
export async function migrateLog(migration: Migration): Promise<Migrated> {
  const { source, key, destination, signal } = migration;
  const { sequence, mark } = destination;
  const checkpoint = await readCheckpoint(source, key.verifier, signal);
  const { head, stored, complete } = await judgeDestination(migration, checkpoint);
  const before = head.tree.size;
  if (!complete) {
    await mark?.set();
    migration.progress?.(before, checkpoint.size);
    const tree = await copyEntries(migration, head.tree, checkpoint);
    await publish(migration, checkpoint, tree, stored);
  }
  await sequence.release(checkpoint.size);
  await mark?.clear();
  return { checkpoint, before, published: !complete };
}

async function publish(
  { destination, clock, signal }: Migration,
  { note }: OpenedCheckpoint,
  tree: CommittedTree,
  stored: StoredCheckpoint | undefined,
): Promise<void> {
  const { sequence, checkpoints, label } = destination;
  for (;;) {
    const floor = await sequence.raiseSigned(tree, checkpoints.minIntervalMs);
    if (floor === 'raised') break;
    await clock.sleep(floor.waitMs, signal);
    if (signal.aborted) throw new LogError('aborted', 'the migration was stopped');
  }
  if ((await checkpoints.replace(note, stored?.version ?? 'absent')) !== 'lost') return;
  throw new CommandError(
    'failed',
    `somebody else published a checkpoint in ${label} meanwhile: stop them, then run this command again`,
  );
}
