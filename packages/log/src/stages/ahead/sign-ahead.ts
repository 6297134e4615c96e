import { equalBytes } from '@tilewright/core/bytes';
import { type Checkpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import type { LogDeps } from '../../engine/log-deps.ts';
import type { Publication } from '../../intake/publication.ts';
import { LogError } from '../../log-error.ts';
import type { CommittedTree, SignedCheckpoints, StoredCheckpoint } from '../../ports/index.ts';
import {
  type Later,
  type Published,
  type Publishing,
  raiseFloor,
  refuseIfOver,
  signTree,
} from '../publishing/publish.ts';

/** A tree that may be answered with, and whether it is this process's turn to publish it. */
export interface SignedAhead {
  readonly answer: Publication;
  /** What is stored and may be replaced, where the slot of publication was taken; else how long it is somebody else's. */
  readonly slot: { readonly expected: StoredCheckpoint | undefined } | Later;
}

/**
 * The earliest answer, in order:
 * 1. what is stored is compared with the tree: where it is not a part of it, nothing is signed;
 * 2. the signed floor is raised, durably, without waiting for the slot of a publication. A crash now, or at any moment
 *    from here on, means that recovery publishes this tree or a larger one;
 * 3. the tree is signed: nothing has left the process;
 * 4. the note is kept, create-only: COMMIT POINT of the answer. Whoever kept one of this size before is who signed it:
 *    theirs is answered with, once it is verified to be of the same tree. Every later checkpoint extends it.
 * No witness is asked. Returns a publication that was found instead, as `publishTree` does, or 'outrun'.
 */
export async function signAhead(
  deps: LogDeps,
  kept: SignedCheckpoints,
  tree: CommittedTree,
  last: StoredCheckpoint,
  how: Publishing & { readonly aheadMs: number },
): Promise<SignedAhead | Published | 'outrun'> {
  const raised = await raiseFloor(deps, tree, last, how);
  if (raised === 'outrun' || 'publication' in raised) return raised;
  refuseIfOver(how);
  const own = await signTree(deps, tree, undefined);
  refuseIfOver(how);
  const note = await keepSigned(deps, kept, tree, own);
  const slot = 'laterMs' in raised ? raised : { expected: raised.expected };
  return { answer: { tree, note }, slot };
}

/** Keeps `own`, or finds what was kept of this size before. Throws 'fork' when that is of another tree. */
async function keepSigned(
  deps: LogDeps,
  kept: SignedCheckpoints,
  { size, root }: CommittedTree,
  own: Uint8Array,
): Promise<Uint8Array> {
  const note = await kept.keep(size, own);
  if (equalBytes(note, own)) return own;
  const found = openKept(deps, note, size);
  if (found.size === size && equalBytes(found.root, root)) return note;
  throw new LogError(
    'fork',
    `the signed checkpoint that is kept as checkpoints/${size} is of another tree of ${found.size} entries than this log's: going on would fork the log`,
    { path: `checkpoints/${size}` },
  );
}

function openKept({ origin, verifier }: LogDeps, note: Uint8Array, size: number): Checkpoint {
  try {
    return openCheckpoint(note, origin, verifier);
  } catch (cause) {
    throw new LogError(
      'identity-mismatch',
      `what is kept as checkpoints/${size} is no checkpoint of '${origin}' signed by this key: remove it, and find out who wrote it`,
      { path: `checkpoints/${size}`, cause },
    );
  }
}
