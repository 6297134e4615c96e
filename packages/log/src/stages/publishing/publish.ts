import { equalBytes } from '@tilewright/core/bytes';
import { formatCheckpoint, frozenLineOf } from '@tilewright/core/checkpoint';
import type { Tree } from '@tilewright/core/merkle';
import { KEY_TYPE, signNote } from '@tilewright/core/note';
import type { TileShape } from '@tilewright/core/tiles';
import type { LogDeps } from '../../engine/log-deps.ts';
import type { Publication } from '../../intake/publication.ts';
import { hasCode, LogError } from '../../log-error.ts';
import { type CommittedTree, HALTED, type Head, type StoredCheckpoint } from '../../ports/index.ts';
import { continues } from '../../reading/continues.ts';
import { type Cosignatures, cosignTree } from './cosign.ts';
import { goesOnAfterTheLast } from './last-checkpoint.ts';
import { openStored } from './open-stored.ts';

/** A publication together with the version under which it is stored. */
export interface Published {
  readonly publication: Publication;
  readonly stored: StoredCheckpoint;
  /** Witnesses satisfied their policy; always where there are none. */
  readonly enough: boolean;
  /** This process stored it; otherwise another one did, and it was found. */
  readonly ours: boolean;
  /** Which witnesses are missing, and why, as a sentence for the operator; nothing where none was asked. */
  readonly detail?: string | undefined;
}

/** Nothing was published: a larger tree is due, too few witnesses cosigned this one, or another replica has the slot. */
export type Unpublished = 'outrun' | { readonly held: string } | Later;

/** The slot is taken for so long, by whoever published `found`: a part of the tree, and news perhaps. */
export interface Later {
  readonly laterMs: number;
  readonly found: Published | undefined;
}

/** How to publish. */
export interface Publishing {
  /** Fires when the log must sign no more. */
  readonly signal: AbortSignal;
  /** Of the tiles that the log is stored in. */
  readonly shape: TileShape;
  /** `last` is of this very tree: it is published once more for its cosignatures, where there are more of them now. */
  readonly again?: boolean | undefined;
  /** The extension line of the last checkpoint, of a log that takes nothing more; this is it. */
  readonly lastLine?: string | undefined;
  /** The floor is raised although the slot of a publication is not free; one is in so many milliseconds. */
  readonly aheadMs?: number | undefined;
}

/** What is stored may be replaced by a larger tree's checkpoint; nothing is stored of a log that is being made. */
export interface Replaceable {
  readonly expected: StoredCheckpoint | undefined;
  /** It as a publication, where it was not known. */
  readonly found?: Published | undefined;
}

/**
 * Third stage, in order:
 * 1. what is stored is compared with the tree: where it is not a part of it, nothing is signed;
 * 2. the signed floor is raised: durable. A crash now means that recovery publishes this tree or a larger one;
 * 3. the tree is signed: nothing has left the process;
 * 4. witnesses cosign it, where the log has some: from now on the tree is public. A crash is as after 2;
 * 5. the checkpoint is replaced, compare-and-set on the version last read: COMMIT POINT of publication.
 *    A crash before it leaves the previous, consistent checkpoint; after it, the new one is what recovery finds.
 * When the stored version is another, the comparison is made anew on the stored bytes, never on the version alone.
 * `last`, the publication last known, is a part of `tree`; absent for the first checkpoint of a log.
 * 'outrun' when another replica raised the floor beyond `tree` and has not published yet: a larger tree is due.
 * 'laterMs' when another replica has raised the floor a moment ago: what it publishes may cover `tree`.
 * 'held' when too few witnesses cosigned, and the log waits for them.
 * Each step begins only while `how.signal` has not fired: whoever failed signs no more.
 */
export async function publishTree(
  deps: LogDeps,
  tree: CommittedTree,
  last: StoredCheckpoint | undefined,
  how: Publishing,
): Promise<Published | Unpublished> {
  const raised = await raiseFloor(deps, tree, last, how);
  if (raised === 'outrun' || 'publication' in raised || 'laterMs' in raised) return raised;
  refuseIfOver(how);
  const note = await signTree(deps, tree, how.lastLine);
  return storeSigned(deps, tree, note, raised.expected, last, how);
}

/** The last two steps: publishes `note`, which was signed after the floor was raised to `tree`, in place of `before`. */
export async function storeSigned(
  deps: LogDeps,
  tree: CommittedTree,
  note: Uint8Array,
  before: StoredCheckpoint | undefined,
  last: StoredCheckpoint | undefined,
  how: Publishing,
): Promise<Published | Exclude<Unpublished, Later>> {
  const cosigned = await cosign(deps, tree, note, last, how);
  if (cosigned === 'outrun' || 'held' in cosigned) return cosigned;
  if (last !== undefined && how.again === true && !isBetter(deps, last.note, cosigned))
    return { ...asPublished(deps, tree, last, true), detail: cosigned.detail };
  for (let expected = before; ; ) {
    refuseIfOver(how);
    const version = await deps.checkpoints.replace(cosigned.note, expected?.version ?? 'absent');
    if (version !== 'lost')
      return { ...asPublished(deps, tree, { note: cosigned.note, version }, true), detail: cosigned.detail };
    const found = await lookAtStored(deps, tree, expected, how);
    if (found === 'outrun' || 'publication' in found) return found;
    expected = found.expected;
  }
}

/** What is stored is what is published. */
function asPublished(deps: LogDeps, tree: Tree, stored: StoredCheckpoint, ours: boolean): Published {
  const enough = deps.witnesses?.isEnough(stored.note) ?? true;
  return { publication: { tree, note: stored.note }, stored, enough, ours };
}

/** Whether a checkpoint of the same tree says more than `note` does: enough, or at least more than too little. */
function isBetter({ witnesses }: LogDeps, note: Uint8Array, now: { note: Uint8Array; enough: boolean }): boolean {
  return now.enough || (witnesses?.isEnough(note) === false && now.note.length > note.length);
}

/** A log without witnesses waits for nobody, and the first checkpoint, of no entries, says nothing that could be split. */
async function cosign(
  deps: LogDeps,
  tree: CommittedTree,
  note: Uint8Array,
  last: StoredCheckpoint | undefined,
  how: Publishing,
): Promise<Cosignatures> {
  if (deps.witnesses === undefined || last === undefined) return { note, enough: deps.witnesses === undefined };
  refuseIfOver(how);
  return cosignTree(deps, deps.witnesses, tree, note, how);
}

/** Throws 'closing' after the log stopped: whoever failed signs no more. */
export function refuseIfOver({ signal }: Publishing): void {
  if (signal.aborted) throw new LogError('closing', 'the log stopped before the checkpoint was published');
}

/** A slot that is free so soon is waited for with the tree as it is, milliseconds. */
const SOON_MS = 50;

/**
 * Raises the floor to `tree`, unless somebody publishes it, or more, while it waits for its slot. `laterMs` says that the slot
 * is taken for so long; `how.aheadMs` raises the floor all the same.
 */
export async function raiseFloor(
  deps: LogDeps,
  tree: CommittedTree,
  last: StoredCheckpoint | undefined,
  how: Publishing,
): Promise<Published | Replaceable | Exclude<Unpublished, { readonly held: string }>> {
  for (;;) {
    refuseIfOver(how);
    // Whoever had the slot before us may have published this very tree: replicas that wait for it do not queue up.
    // And a state that is an older copy than what is published must neither move the floor nor be signed.
    const found = deps.checkpoints.exclusive ? { expected: last } : await lookAtStored(deps, tree, last, how);
    if (found === 'outrun' || 'publication' in found) return found;
    try {
      const everyMs = Math.max(deps.checkpoints.minIntervalMs, how.aheadMs ?? 0);
      const floor = await deps.sequence.raiseSigned(tree, everyMs, how.aheadMs !== undefined);
      if (floor === 'raised') return found;
      if (floor.waitMs > SOON_MS || how.aheadMs !== undefined) return { laterMs: floor.waitMs, found: found.found };
      await deps.clock.sleep(Math.ceil(floor.waitMs), how.signal);
    } catch (error) {
      // A floor above ours is another replica's progress only when the committed tree has moved along with it.
      if (!hasCode(error, 'fork') || (await deps.sequence.head()).tree.size <= tree.size) throw error;
      const taken = await lookAtStored(deps, tree, last, how);
      return taken !== 'outrun' && 'publication' in taken ? taken : 'outrun';
    }
  }
}

/**
 * Signs `tree`. The floor MUST have been raised to it. Its own signature is checked: a broken signer must not be believed.
 * A key of type 0x06 would not sign the line, and is left out.
 */
export async function signTree(deps: LogDeps, { size, root }: Tree, lastLine: string | undefined): Promise<Uint8Array> {
  const extensions = lastLine === undefined ? [] : [lastLine];
  const text = formatCheckpoint({ origin: deps.origin, size, root, extensions });
  const signers =
    lastLine === undefined ? deps.signers : deps.signers.filter(({ type }) => type !== KEY_TYPE.cosignatureMlDsa44);
  const note = await signNote(text, signers).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : 'unknown error';
    throw new LogError('signer-failed', `the checkpoint could not be signed: ${why}`, { cause });
  });
  openStored(deps, note);
  return note;
}

/**
 * The stored checkpoint: to be taken over when it covers `tree`, to be replaced when it is a part of it. One that too few
 * cosigned is not taken over by a log that waits for them: it publishes that tree itself, cosigned.
 */
export async function lookAtStored(
  deps: LogDeps,
  tree: CommittedTree,
  last: StoredCheckpoint | undefined,
  how: Publishing,
): Promise<Published | Replaceable | 'outrun'> {
  const stored = await deps.checkpoints.read();
  if (stored === undefined) {
    if (last === undefined) return { expected: undefined };
    throw new LogError(
      'half-log',
      "the checkpoint is gone although the log has one: put 'checkpoint' back from a backup or a mirror",
      { path: 'checkpoint' },
    );
  }
  if (last !== undefined && equalBytes(stored.note, last.note)) return { expected: stored };
  const publication = await compareStored(deps, tree, stored, how);
  if (publication === 'last') return 'outrun';
  const found = asPublished(deps, publication.tree, stored, false);
  const isEnough = found.enough || deps.witnesses?.failClosed !== true;
  if (publication.tree.size < tree.size) return { expected: stored, found: isEnough ? found : undefined };
  if (isEnough) return found;
  return publication.tree.size > tree.size ? 'outrun' : { expected: stored };
}

/**
 * What a checkpoint that somebody else stored means for our tree: a publication, to take over (same or larger) or to replace
 * (smaller and consistent), or a fork. 'last' when it says that the log takes nothing more, and we did
 * not know that it was frozen.
 */
async function compareStored(
  deps: LogDeps,
  tree: CommittedTree,
  found: StoredCheckpoint,
  { shape, lastLine }: Publishing,
): Promise<Publication | 'last'> {
  const stored = openStored(deps, found.note);
  const isLast = frozenLineOf(stored) !== undefined;
  const isNews = isLast && lastLine === undefined;
  const head = stored.size > tree.size || isNews ? await deps.sequence.head() : undefined;
  const within = head?.tree ?? tree;
  if (stored.size > within.size) {
    throw new LogError(
      'fork',
      `the stored checkpoint has ${stored.size} entries, the log's state ${within.size}: the state is an old copy; going on would fork the log`,
      { path: 'checkpoint' },
    );
  }
  if (!(await continues(deps.objects, within, stored, shape))) {
    throw new LogError('fork', `the stored checkpoint of ${stored.size} entries has another root than this log`, {
      path: 'checkpoint',
    });
  }
  if (isLast) refuseToGoOn(stored, tree, head);
  if (isNews) return 'last';
  return { tree: stored, note: found.note };
}

/** Nothing comes after a log's last checkpoint: `head` is what the state says, where we did not know of the freeze. */
function refuseToGoOn(last: Tree, tree: Tree, head: Head | undefined): void {
  const next = Math.max(tree.size, head?.next ?? 0);
  const isFrozen = head === undefined || (head.frozenAtMs !== undefined && head.frozenAtMs !== HALTED);
  if (!isFrozen || next > last.size) throw goesOnAfterTheLast(last.size, next);
}
