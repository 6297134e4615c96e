import { hash } from 'node:crypto';
import { equalBytes } from '@tilewright/core/bytes';
import { type Checkpoint, frozenLineOf, parseCheckpoint } from '@tilewright/core/checkpoint';
import { NOTE_LIMITS, parseNote } from '@tilewright/core/note';
import { LogError } from '@tilewright/log';
import type { StoredCheckpoint, Version } from '@tilewright/log/ports';
import { LAYOUT } from '../directory/layout.ts';
import { readSmallFile } from '../directory/read-small-file.ts';
import type { Fs } from '../fs/fs.ts';

/** The version of these bytes. */
export function versionOf(note: Uint8Array): Version {
  return hash('sha256', note) as Version;
}

/** The stored checkpoint, or nothing when there is none. */
export async function readStoredCheckpoint(fs: Fs, root: string): Promise<StoredCheckpoint | undefined> {
  try {
    const note = await readSmallFile(fs, `${root}/${LAYOUT.checkpoint}`, NOTE_LIMITS.maxBytes);
    return note && { note, version: versionOf(note) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown error';
    throw new LogError('storage-failed', `could not read the checkpoint: ${why}`, { path: LAYOUT.checkpoint, cause });
  }
}

/** The tree that a note claims. Its signatures are the engine's business. Throws 'corrupt' when it is no checkpoint. */
export function checkpointOf(note: Uint8Array): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch (cause) {
    throw new LogError('corrupt', "'checkpoint' is not a checkpoint: put it back from a backup or a mirror", {
      path: LAYOUT.checkpoint,
      cause,
    });
  }
}

/** Throws 'fork' when `next` would take the published log back, to another root at the same size, or beyond its last checkpoint. */
export function refuseFork(stored: Checkpoint, next: Checkpoint): void {
  if (frozenLineOf(stored) !== undefined && (next.size > stored.size || frozenLineOf(next) === undefined)) {
    throw new LogError('fork', `the stored checkpoint of ${stored.size} entries is the last one of a frozen log`, {
      path: LAYOUT.checkpoint,
    });
  }
  if (next.size > stored.size || (next.size === stored.size && equalBytes(next.root, stored.root))) return;
  const how = next.size < stored.size ? 'goes backwards' : 'has another root';
  throw new LogError('fork', `the stored checkpoint has ${stored.size} entries; one of ${next.size} ${how}`, {
    path: LAYOUT.checkpoint,
  });
}
