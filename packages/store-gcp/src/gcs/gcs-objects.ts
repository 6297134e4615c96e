import { encodeHex, equalBytes } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import { type FullTilePath, MAX_ENTRY_SIZE, TILE_WIDTH, type TilePath } from '@tilewright/core/tiles';
import { Gate, LogError } from '@tilewright/log';
import type { ObjectStore } from '@tilewright/log/ports';
import type { BucketConnection } from './bucket-connection.ts';
import type { BucketRequests, ObjectHeaders } from './bucket-requests.ts';

/** Requests of one kind under way at one time. */
const MOST_WRITES = 64;
const MOST_READS = 64;
const MOST_DELETES = 16;
/** The longest hash tile and the longest bundle there can be, in bytes. */
const MOST_TILE = TILE_WIDTH * 32;
const MOST_BUNDLE = TILE_WIDTH * (2 + MAX_ENTRY_SIZE);
/** What came second is kept aside for whoever looks into a conflict: that the log stops does not wait long for it. */
const CONFLICT_MS = 5_000;
const IMMUTABLE: ObjectHeaders = {
  contentType: 'application/octet-stream',
  cacheControl: 'max-age=604800,immutable',
};

/** Tiles and bundles in a bucket, create-only (engine-safety.md 2.1). The connection stays the caller's. */
export function gcsObjects(connection: BucketConnection): ObjectStore {
  return new GcsObjectStore(connection);
}

class GcsObjectStore implements ObjectStore {
  readonly #connection: BucketConnection;
  readonly #writes = new Gate(MOST_WRITES);
  readonly #reads = new Gate(MOST_READS);
  readonly #deletes = new Gate(MOST_DELETES);

  constructor(connection: BucketConnection) {
    this.#connection = connection;
  }

  /**
   * An unknown outcome is settled by asking again: 'unmet' with our own bytes there means that one of the tries took
   * effect, or that another replica was first. A try that is still on its way can store nothing but the same bytes.
   */
  create(path: TilePath, bytes: Uint8Array): Promise<'created' | 'identical'> {
    checkPath(path);
    const name = this.#connection.nameOf(path);
    return this.#writes.run(() =>
      this.#connection.run({ what: `store ${path}`, path }, async (requests) => {
        if ((await requests.insert(name, bytes, IMMUTABLE, '0')) !== 'unmet') return 'created';
        const present = await requests.get(name, mostBytesOf(path));
        if (present === undefined) {
          throw new LogError('not-found', `${path} was there, and is gone before its bytes could be compared`, {
            path,
          });
        }
        if (!equalBytes(present.bytes, bytes)) throw await this.#conflict(path, bytes);
        return 'identical';
      }),
    );
  }

  /** What Cloud Storage acknowledged is durable. */
  async sync(): Promise<void> {}

  read(path: TilePath, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    checkPath(path);
    const name = this.#connection.nameOf(path);
    return this.#reads.run(() =>
      this.#connection.run({ what: `read ${path}`, path, signal }, async (requests) => {
        return (await requests.get(name, mostBytesOf(path), signal))?.bytes;
      }),
    );
  }

  async dropPartials(of: FullTilePath, widths?: readonly number[]): Promise<void> {
    checkPath(of);
    const connection = this.#connection;
    const calling = { what: `look for ${of}`, path: of };
    if (!(await connection.run(calling, (requests) => requests.isThere(connection.nameOf(of))))) {
      throw new LogError('not-found', `${of} is not there: its partials stay`, { path: of });
    }
    const partials = connection.nameOf(`${of}.p/`);
    const names =
      widths?.map((width) => `${partials}${checkWidth(width)}`) ??
      (await connection.run({ what: `list the partials of ${of}`, path: of }, (requests) => requests.list(partials)));
    const removals = names.map((name) => this.#deletes.run(() => this.#remove(of, name)));
    // One that fails stops no other.
    const failed = (await Promise.allSettled(removals)).find((done) => done.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async isEmpty(): Promise<boolean> {
    const connection = this.#connection;
    const isNone = async (start: string): Promise<boolean> => {
      const list = (requests: BucketRequests): Promise<readonly string[]> => requests.list(connection.nameOf(start), 1);
      return (await connection.run({ what: `look whether the bucket holds a log` }, list)).length === 0;
    };
    const [checkpoint, tiles] = await Promise.all([isNone('checkpoint'), isNone('tile/')]);
    return checkpoint && tiles;
  }

  #remove(of: FullTilePath, name: string): Promise<void> {
    const calling = { what: `remove a partial of ${of}`, path: name };
    return this.#connection.run(calling, (requests) => requests.remove(name));
  }

  async #conflict(path: TilePath, bytes: Uint8Array): Promise<LogError> {
    const kept = `conflicts/${path.replaceAll('/', '_')}-${encodeHex(sha256(bytes)).slice(0, 8)}`;
    const calling = { what: `keep ${kept}`, path: kept, patienceMs: CONFLICT_MS };
    const name = this.#connection.nameOf(kept);
    const hasKept = await this.#connection
      .run(calling, (requests) => requests.insert(name, bytes, IMMUTABLE, '0'))
      .then(() => true)
      .catch(() => false);
    const where = hasKept ? `the second version is kept as ${kept}` : 'the second version could not be kept';
    return new LogError(
      'object-conflict',
      `${path} would have to change its bytes. Nothing more is written; ${where}. Run 'tilewright log fsck' to find which of the two the log's checkpoint covers`,
      { path },
    );
  }
}

function mostBytesOf(path: TilePath): number {
  return path.startsWith('tile/entries/') ? MOST_BUNDLE : MOST_TILE;
}

function checkPath(path: string): void {
  if (path.startsWith('tile/') && !path.split('/').includes('..')) return;
  throw new LogError('not-found', 'not a path of a tile or bundle');
}

function checkWidth(width: number): number {
  if (Number.isInteger(width) && width >= 1 && width < TILE_WIDTH) return width;
  throw new RangeError('a partial has 1 to 255 items');
}
