import type { RightEdge } from '@tilewright/core/builder';
import { frozenLineOf } from '@tilewright/core/checkpoint';
import type { Tree } from '@tilewright/core/merkle';
import type { TileShape } from '@tilewright/core/tiles';
import { LogError } from '../log-error.ts';
import type { Head } from '../ports/index.ts';
import { continues } from '../reading/continues.ts';
import { loadEdge } from '../reading/load-edge.ts';
import { freezeTime, goesOnAfterTheLast } from '../stages/publishing/last-checkpoint.ts';
import { openStored } from '../stages/publishing/open-stored.ts';
import { publishTree } from '../stages/publishing/publish.ts';
import type { OpenedState } from './engine-state.ts';
import type { LogDeps } from './log-deps.ts';

/**
 * Reads where the log is and proves that its parts agree, before anything is written:
 * published <= signed floor <= integrated <= sequenced, one root a size, and tiles that hash to all of them.
 * A log of which nothing exists gets its size-0 checkpoint.
 */
export async function openState(deps: LogDeps, shape: TileShape): Promise<OpenedState> {
  // The checkpoint before the state: what another replica publishes meanwhile must not look like a fork.
  const stored = await deps.checkpoints.read();
  const head = await deps.sequence.head();
  if (stored === undefined) {
    await firstCheckpoint(deps, head, shape);
    return openState(deps, shape);
  }
  const published = openStored(deps, stored.note);
  checkOrder(published, head);
  if (frozenLineOf(published) !== undefined && (await isFrozenAnew(deps, published, head)))
    return openState(deps, shape);
  const edge = await loadEdge(deps.objects, head.tree, shape);
  await checkRoot(deps, head.signed, edge, 'the signed floor');
  await checkRoot(deps, published, edge, 'the checkpoint');
  return {
    edge,
    committed: head.tree,
    publication: { tree: published, note: stored.note },
    version: stored.version,
    next: head.next,
    collected: head.collected,
    frozenAtMs: head.frozenAtMs,
  };
}

/**
 * A log whose checkpoint says that it takes nothing more takes nothing more, whoever froze it: the state of one that another
 * program froze does not know yet. True when it was told.
 */
async function isFrozenAnew(deps: LogDeps, published: Tree, head: Head): Promise<boolean> {
  if (head.next > published.size) throw goesOnAfterTheLast(published.size, head.next);
  if (head.frozenAtMs !== undefined) return false;
  await deps.sequence.freeze(freezeTime(deps.clock));
  return true;
}

/** Monitors read the size-0 checkpoint before the first entry. It is made only where nothing of a log exists. */
async function firstCheckpoint(deps: LogDeps, head: Head, shape: TileShape): Promise<void> {
  const fresh = head.next === 0 && head.tree.size === 0 && head.signed.size === 0 && (await deps.objects.isEmpty());
  if (fresh) {
    const { signal } = new AbortController();
    const done = await publishTree(deps, head.tree, undefined, { signal, shape });
    // Somebody who raised the floor a moment ago stores it, unless it died there: then it is ours to store.
    if (done !== 'outrun' && 'laterMs' in done) await deps.clock.sleep(done.laterMs, signal);
    return;
  }
  // Another replica may have made the log since the checkpoint was looked for.
  if ((await deps.checkpoints.read()) !== undefined) return;
  throw new LogError(
    'half-log',
    `there is a log of ${head.tree.size} entries, but its checkpoint is missing: where a migration fills it, run 'tilewright log migrate' again; else put 'checkpoint' back from a backup or a mirror`,
    { path: 'checkpoint' },
  );
}

function checkOrder(published: Tree, head: Head): void {
  if (published.size > head.signed.size) {
    throw new LogError(
      'fork',
      `the checkpoint has ${published.size} entries, but this log's state only ever signed ${head.signed.size}: the state is an old copy, and going on would fork the log. Restore the newest state, or start a new log under another origin`,
      { path: 'checkpoint' },
    );
  }
  if (head.signed.size > head.tree.size || head.tree.size > head.next) {
    throw new LogError(
      'fork',
      `the log signed ${head.signed.size} entries, but holds ${head.tree.size} integrated and ${head.next} sequenced: entries are missing, and going on would fork the log. Restore the newest state`,
    );
  }
}

async function checkRoot(deps: LogDeps, claimed: Tree, { tree, shape }: RightEdge, what: string): Promise<void> {
  if (await continues(deps.objects, tree, claimed, shape)) return;
  throw new LogError(
    'corrupt',
    `the tiles hash to another root at size ${claimed.size} than ${what} says: run 'tilewright log fsck' to find the file`,
  );
}
