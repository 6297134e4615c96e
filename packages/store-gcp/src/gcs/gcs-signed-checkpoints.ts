import type { TreeSize } from '@tilewright/core/bytes';
import { NOTE_LIMITS } from '@tilewright/core/note';
import type { SignedCheckpoints } from '@tilewright/log/ports';
import type { BucketConnection } from './bucket-connection.ts';
import type { ObjectHeaders } from './bucket-requests.ts';
import { GcsFailure } from './gcs-failure.ts';

const IMMUTABLE: ObjectHeaders = {
  contentType: 'text/plain; charset=utf-8',
  cacheControl: 'max-age=604800,immutable',
};

/**
 * Signed checkpoints as objects `checkpoints/<size>`, create-only: each is an object of its own, so that the limit of
 * writes to one object does not hold them up. The connection stays the caller's.
 */
export function gcsSignedCheckpoints(connection: BucketConnection): SignedCheckpoints {
  return { keep: (size, note) => keep(connection, size, note) };
}

/** An unknown outcome is settled by asking again: what is there then, our own note or another one, is what is kept. */
function keep(connection: BucketConnection, size: TreeSize, note: Uint8Array): Promise<Uint8Array> {
  const path = `checkpoints/${size}`;
  const name = connection.nameOf(path);
  const own = note.slice();
  return connection.run({ what: `keep ${path}`, path }, async (requests) => {
    if ((await requests.insert(name, own, IMMUTABLE, '0')) !== 'unmet') return own;
    const present = await requests.get(name, NOTE_LIMITS.maxBytes);
    // Removed in between, as by a rule of the bucket: then there is room for it.
    if (present === undefined) throw new GcsFailure(`${path} was there, and is gone`, { isTransient: true });
    return present.bytes;
  });
}
