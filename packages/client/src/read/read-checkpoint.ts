import { type OpenedCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import type { NoteVerifier } from '@tilewright/core/note';
import { ClientError } from '../client-error.ts';
import type { TileSource } from '../source/tile-source.ts';

/**
 * Reads a log's checkpoint and opens it with the log's key. The origin must be the name of the key, as it is in every
 * Rekor v2 log.
 *
 * @throws ClientError `missing` when there is none; `malformed`; `untrusted` when the key did not sign it or it is
 *   another log's; what the source throws
 */
export async function readCheckpoint(
  source: TileSource,
  verifier: NoteVerifier,
  signal?: AbortSignal,
): Promise<OpenedCheckpoint> {
  const note = await source.read('checkpoint', signal);
  if (note === undefined)
    throw new ClientError('missing', `${source.label} has no checkpoint; is this a log's prefix?`);
  try {
    return openCheckpoint(note, verifier.name, verifier);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    const code = cause.code === 'malformed' || cause.code === 'size-unsupported' ? 'malformed' : 'untrusted';
    throw new ClientError(code, `the checkpoint cannot be trusted: ${cause.message}`, { cause });
  }
}
