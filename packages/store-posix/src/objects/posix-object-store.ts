import { encodeHex, equalBytes } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import type { FullTilePath, TilePath } from '@tilewright/core/tiles';
import { type Gate, LogError } from '@tilewright/log';
import type { ObjectStore } from '@tilewright/log/ports';
import { LAYOUT, PRIVATE_DIRECTORY, PUBLIC_FILE } from '../directory/layout.ts';
import { isFull, unlessErrno } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { writeFully } from '../fs/write-fully.ts';
import type { FailureLatch } from '../writer/failure-latch.ts';
import { Mutex } from '../writer/mutex.ts';
import type { Room } from '../writer/room.ts';
import { type DirectoryLedger, parentOf } from './directory-ledger.ts';
import { readObject } from './read-object.ts';

/** What an object store is opened on. */
export interface ObjectParts {
  readonly fs: Fs;
  readonly root: string;
  readonly ledger: DirectoryLedger;
  readonly latch: FailureLatch;
  readonly room: Room;
  /** Shared by everything but the segment: that one must find a thread free. */
  readonly gate: Gate;
}

/**
 * Tiles and bundles as files. An object is written under another name, made durable, and only then linked: whoever
 * sees its name sees all of it, after a power loss too. `link` never replaces: two writers cannot both succeed.
 */
export class PosixObjectStore implements ObjectStore {
  readonly #parts: ObjectParts;
  readonly #syncs = new Mutex();
  #temps = 0;

  constructor(parts: ObjectParts) {
    this.#parts = parts;
  }

  create(path: TilePath, bytes: Uint8Array): Promise<'created' | 'identical'> {
    return this.#parts.gate.run(async () => {
      const { fs, root, ledger, latch, room } = this.#parts;
      latch.check();
      const temp = `${root}/${LAYOUT.temp}/object-${this.#temps++}`;
      try {
        await ledger.ensure(parentOf(path));
        await this.#writeTemp(temp, bytes);
        const created = await unlessErrno(
          fs.link(temp, `${root}/${path}`).then(() => true),
          ['EEXIST'],
          false,
        );
        if (!created) await this.#compare(path, bytes, temp);
        ledger.gained(parentOf(path));
        await fs.dropName(temp);
        return created ? 'created' : 'identical';
      } catch (error) {
        if (error instanceof LogError) throw error;
        if (!isFull(error)) throw latch.fail(`store ${path}`, path, error);
        // Nothing has the object's name: what was written of it goes, and it is written anew when there is room.
        await unlessErrno(fs.unlink(temp), ['ENOENT'], undefined).catch((cause: unknown) => {
          throw latch.fail(`store ${path}`, path, cause);
        });
        throw await room.ranOut(error);
      }
    });
  }

  sync(): Promise<void> {
    // One after another: a call waits for syncs under way, which may be those of its own creates.
    return this.#syncs.run(async () => {
      const { ledger, latch, gate } = this.#parts;
      latch.check();
      await Promise.all(ledger.take().map((directory) => gate.run(() => ledger.sync(directory))));
    });
  }

  async read(path: TilePath, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const { fs, root, gate } = this.#parts;
    return gate.run(() => readObject(fs, root, path, signal));
  }

  async dropPartials(of: FullTilePath): Promise<void> {
    const { fs, root, ledger, latch } = this.#parts;
    latch.check();
    if ((await fs.stat(`${root}/${of}`)) === undefined) {
      throw new LogError('not-found', `${of} is not there: its partials stay`, { path: of });
    }
    const directory = `${of}.p`;
    const names = await fs.readdir(`${root}/${directory}`);
    if (names === undefined) return;
    for (const name of names) await unlessErrno(fs.unlink(`${root}/${directory}/${name}`), ['ENOENT'], undefined);
    ledger.forget(directory);
    await unlessErrno(fs.rmdir(`${root}/${directory}`), ['ENOENT'], undefined);
  }

  async isEmpty(): Promise<boolean> {
    const { fs, root } = this.#parts;
    const [checkpoint, tiles] = await Promise.all([
      fs.stat(`${root}/${LAYOUT.checkpoint}`),
      fs.stat(`${root}/${LAYOUT.tiles}`),
    ]);
    return checkpoint === undefined && tiles === undefined;
  }

  async #writeTemp(temp: string, bytes: Uint8Array): Promise<void> {
    const { fs } = this.#parts;
    const file = await fs.open(temp, 'create', PUBLIC_FILE);
    try {
      await writeFully(file, bytes, 0);
      await file.fdatasync('object-data');
    } finally {
      await file.close();
    }
  }

  /** The name is taken. Equal bytes may stand there in memory only: they are made durable. Other bytes are kept aside. */
  async #compare(path: TilePath, bytes: Uint8Array, temp: string): Promise<void> {
    const { fs, root } = this.#parts;
    const file = await fs.open(`${root}/${path}`, 'write');
    try {
      const { size } = await file.stat();
      const present = new Uint8Array(Math.min(size, bytes.length));
      await file.pread(present, 0);
      if (size !== bytes.length || !equalBytes(present, bytes)) throw await this.#conflict(path, bytes, temp);
      await file.fdatasync('object-found');
    } finally {
      await file.close();
    }
  }

  async #conflict(path: TilePath, bytes: Uint8Array, temp: string): Promise<LogError> {
    const { fs, root, latch } = this.#parts;
    const kept = `${LAYOUT.conflicts}/${path.replaceAll('/', '_')}-${encodeHex(sha256(bytes)).slice(0, 8)}`;
    await fs.mkdir(`${root}/${LAYOUT.conflicts}`, PRIVATE_DIRECTORY);
    await fs.rename(temp, `${root}/${kept}`);
    return latch.trip(
      new LogError(
        'object-conflict',
        `${path} would have to change its bytes. Nothing more is written; the second version is kept as ${kept}. Run 'tilewright log fsck' to find which of the two the log's checkpoint covers`,
        { path },
      ),
    );
  }
}
