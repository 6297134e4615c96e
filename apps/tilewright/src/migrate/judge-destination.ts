import { ClientError, proveConsistencyFromSource } from '@tilewright/client';
import { encodeBase64 } from '@tilewright/core/bytes';
import { frozenLineOf, type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import type { Tree } from '@tilewright/core/merkle';
import type { Head, StoredCheckpoint } from '@tilewright/log/ports';
import { CommandError } from '../cli/command-error.ts';
import type { Migration } from './migration.ts';

/** Where the destination is. */
export interface Standing {
  readonly head: Head;
  readonly stored: StoredCheckpoint | undefined;
  /** It has published all that the source's checkpoint covers. */
  readonly complete: boolean;
}

/**
 * Whether the destination may be filled from the source: nothing is there, or a part of this very log and nothing else.
 * Changes nothing.
 *
 * @throws CommandError 'refused'; ClientError when the source cannot prove it; what the ports throw
 */
export async function judgeDestination(migration: Migration, checkpoint: OpenedCheckpoint): Promise<Standing> {
  const { label, objects, checkpoints, sequence } = migration.destination;
  const stored = await checkpoints.read();
  const head = await sequence.head();
  const published = stored && openPublished(migration, stored);
  if (published === undefined && head.next === 0 && !(await objects.isEmpty())) {
    throw refused(`${label} holds tiles of a log that its state does not know: begin with an empty destination`);
  }
  for (const [what, size] of [
    ['published', published?.size ?? 0],
    ['taken in', head.next],
  ] as const) {
    if (size <= checkpoint.size) continue;
    throw refused(
      `${label} has ${what} ${size} entries, the source's checkpoint covers ${checkpoint.size}: it went on since, or the source is an old copy`,
    );
  }
  for (const tree of [published, head.signed, head.tree]) {
    if (tree !== undefined && tree.size > 0) await requirePart(migration, checkpoint, tree);
  }
  const reached = published?.size === checkpoint.size;
  // Of one size, the checkpoint that says that the log is frozen is the later one.
  const freezes = published !== undefined && isFrozen(checkpoint) && !isFrozen(published);
  const complete = reached && !freezes;
  if (!reached && (head.frozenAtMs !== undefined || (published !== undefined && isFrozen(published)))) {
    throw refused(`${label} is frozen and takes nothing more, but the source has gone on`);
  }
  return { head, stored, complete };
}

function isFrozen(checkpoint: OpenedCheckpoint): boolean {
  return frozenLineOf(checkpoint) !== undefined;
}

function openPublished({ destination, key }: Migration, stored: StoredCheckpoint): OpenedCheckpoint {
  try {
    return openCheckpoint(stored.note, key.origin, key.verifier);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw refused(`${destination.label} holds another log than ${key.origin} with this key: ${cause.message}`, cause);
  }
}

/** The source proves that it continues `part`. */
async function requirePart({ source, destination, signal }: Migration, whole: Tree, part: Tree): Promise<void> {
  try {
    await proveConsistencyFromSource(source, part, whole, signal);
  } catch (error) {
    const cause = error instanceof ClientError ? error.cause : undefined;
    if (!(cause instanceof CoreError) || cause.code !== 'proof-invalid') throw error;
    throw refused(
      `${destination.label} holds ${part.size} entries with the root ${encodeBase64(part.root)}, which the source does not continue: they are other entries, or somebody wrote to it since. Nothing was changed`,
      error,
    );
  }
}

function refused(message: string, cause?: unknown): CommandError {
  return new CommandError('refused', message, { cause });
}
