import { equalBytes } from '@tilewright/core/bytes';
import { type Checkpoint, frozenLineOf, parseCheckpoint } from '@tilewright/core/checkpoint';
import { NOTE_LIMITS, parseNote } from '@tilewright/core/note';
import { LogError } from '@tilewright/log';
import type { CheckpointStore, StoredCheckpoint, Version } from '@tilewright/log/ports';
import type { BucketConnection } from './bucket-connection.ts';
import type { BucketRequests, ObjectHeaders } from './bucket-requests.ts';

const PATH = 'checkpoint';
/** Cloud Storage takes one write of one object a second ("Quotas and limits"). */
const MIN_INTERVAL_MS = 1_100;
const CURRENT: ObjectHeaders = { contentType: 'text/plain; charset=utf-8', cacheControl: 'no-cache' };

/** The checkpoint as an object whose generations are its versions. The connection stays the caller's. */
export function gcsCheckpoints(connection: BucketConnection): CheckpointStore {
  return new GcsCheckpointStore(connection);
}

class GcsCheckpointStore implements CheckpointStore {
  readonly minIntervalMs = MIN_INTERVAL_MS;
  readonly #connection: BucketConnection;
  readonly #name: string;
  /** What was last seen there: spares the fence of `replace` a second reading. */
  #seen: StoredCheckpoint | undefined;

  constructor(connection: BucketConnection) {
    this.#connection = connection;
    this.#name = connection.nameOf(PATH);
  }

  read(): Promise<StoredCheckpoint | undefined> {
    return this.#connection.run({ what: 'read the checkpoint', path: PATH }, (requests) => this.#readOnce(requests));
  }

  /**
   * An unknown outcome is settled by asking again under the same condition. A try that took effect shows as our own
   * bytes; one that is still on its way can take effect no more once the generation is another one, and generations
   * never come back.
   */
  async replace(note: Uint8Array, expected: Version | 'absent'): Promise<Version | 'lost'> {
    const next = checkpointOf(note);
    if (expected !== 'absent') {
      const before = this.#seen?.version === expected ? this.#seen : await this.read();
      if (before?.version !== expected || equalBytes(before.note, note)) return settled(await this.read(), note);
      refuseFork(checkpointOf(before.note), next);
    }
    const generation = expected === 'absent' ? '0' : expected;
    const kept = note.slice();
    return this.#connection.run({ what: 'store the checkpoint', path: PATH }, async (requests) => {
      const stored = await requests.insert(this.#name, kept, CURRENT, generation);
      if (stored === 'unmet') return settled(await this.#readOnce(requests), kept);
      const version = stored as Version;
      this.#seen = { note: kept, version };
      return version;
    });
  }

  async #readOnce(requests: BucketRequests): Promise<StoredCheckpoint | undefined> {
    const found = await requests.get(this.#name, NOTE_LIMITS.maxBytes);
    const stored = found && { note: found.bytes, version: found.generation as Version };
    this.#seen = stored;
    return stored && { ...stored, note: stored.note.slice() };
  }
}

/** What is stored decides: our own bytes are there, or somebody else's. */
function settled(stored: StoredCheckpoint | undefined, note: Uint8Array): Version | 'lost' {
  return stored !== undefined && equalBytes(stored.note, note) ? stored.version : 'lost';
}

/** The tree that a note claims. Its signatures are the engine's business. Throws 'corrupt' when it is no checkpoint. */
function checkpointOf(note: Uint8Array): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch (cause) {
    throw new LogError('corrupt', "'checkpoint' is not a checkpoint: put it back from a backup or a mirror", {
      path: PATH,
      cause,
    });
  }
}

/** Throws 'fork' when `next` would take the published log back, to another root, or beyond its last checkpoint. */
function refuseFork(stored: Checkpoint, next: Checkpoint): void {
  if (frozenLineOf(stored) !== undefined && (next.size > stored.size || frozenLineOf(next) === undefined)) {
    throw new LogError('fork', `the stored checkpoint of ${stored.size} entries is the last one of a frozen log`, {
      path: PATH,
    });
  }
  if (next.size > stored.size || (next.size === stored.size && equalBytes(next.root, stored.root))) return;
  const how = next.size < stored.size ? 'goes backwards' : 'has another root';
  throw new LogError('fork', `the stored checkpoint has ${stored.size} entries; one of ${next.size} ${how}`, {
    path: PATH,
  });
}
