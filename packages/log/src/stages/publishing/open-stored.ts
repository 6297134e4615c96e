import { type Checkpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import type { LogDeps } from '../../engine/log-deps.ts';
import { LogError } from '../../log-error.ts';

/** Opens a stored checkpoint of this log. Throws 'identity-mismatch' when it is not the log's, or not signed by its key. */
export function openStored(deps: LogDeps, note: Uint8Array): Checkpoint {
  try {
    return openCheckpoint(note, deps.origin, deps.verifier);
  } catch (cause) {
    throw new LogError(
      'identity-mismatch',
      `the stored checkpoint is not one of '${deps.origin}' signed by this key: check --hostname and the key, or put the checkpoint back from a backup`,
      { path: 'checkpoint', cause },
    );
  }
}
