import { equalBytes } from '@tilewright/core/bytes';
import type { LogDeps } from '../../engine/log-deps.ts';
import { LogError } from '../../log-error.ts';
import { type CommittedTree, HALTED, type Witnesses } from '../../ports/index.ts';
import { continues } from '../../reading/continues.ts';
import { proveGrowth } from '../../reading/prove-growth.ts';
import { openStored } from './open-stored.ts';
import type { Publishing } from './publish.ts';

/** A checkpoint as it may be published, or why it is not. */
export type Cosignatures =
  | { readonly note: Uint8Array; readonly enough: boolean; readonly detail?: string }
  | 'outrun'
  | { readonly held: string };

/**
 * Asks witnesses to cosign what was just signed. The floor MUST have been raised to `tree`: whatever a witness stores is
 * public. A crash here leaves a size that witnesses know and nobody else does; recovery publishes it or more.
 */
export async function cosignTree(
  deps: LogDeps,
  witnesses: Witnesses,
  tree: CommittedTree,
  note: Uint8Array,
  how: Publishing,
): Promise<Cosignatures> {
  const prove = (oldSize: number) => proveGrowth(deps.objects, tree, oldSize, how.shape);
  const round = await witnesses.cosign({ tree, note, prove, signal: how.signal });
  if (round.seen !== undefined && (await compareSeen(deps, tree, round.seen, how)) === 'outrun') return 'outrun';
  // Lines are only ever added: what the log signed is what is published.
  if (!equalBytes(round.note.subarray(0, note.length), note))
    throw new LogError('identity-mismatch', 'the witnesses handed back another checkpoint than they were given');
  openStored(deps, round.note);
  deps.events.emit({ type: 'cosigned', size: tree.size, enough: round.enough, detail: round.detail });
  if (!round.enough && witnesses.failClosed) return { held: round.detail };
  return { note: round.note, enough: round.enough, detail: round.detail };
}

/**
 * What a checkpoint means that a witness holds, that this log's key signed, and that is not a part of `tree`: another
 * replica's progress, or proof that this log went back or forked. A witness's word alone never comes here.
 */
async function compareSeen(
  deps: LogDeps,
  tree: CommittedTree,
  seenNote: Uint8Array,
  { shape }: Publishing,
): Promise<'outrun' | 'harmless'> {
  const seen = openStored(deps, seenNote);
  const within = seen.size > tree.size ? (await deps.sequence.head()).tree : tree;
  if (await continues(deps.objects, within, seen, shape)) return within.size > tree.size ? 'outrun' : 'harmless';
  // For good: whoever starts this state again must not go on with it either.
  await deps.sequence.freeze(HALTED);
  const how =
    seen.size > within.size
      ? `the log's state has ${within.size}: it is an old copy. Restore the newest state`
      : 'this log has another tree of that size';
  throw new LogError(
    'fork',
    `a witness holds a checkpoint of ${seen.size} entries that this log's key signed, but ${how}. The log is frozen`,
  );
}
