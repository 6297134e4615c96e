import { equalBytes } from '@tilewright/core/bytes';
import type { CheckpointStore, StoredCheckpoint, Version } from '@tilewright/log/ports';
import { LAYOUT } from '../directory/layout.ts';
import { isFull } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { writeFully } from '../fs/write-fully.ts';
import type { FailureLatch } from '../writer/failure-latch.ts';
import { Mutex } from '../writer/mutex.ts';
import type { Room } from '../writer/room.ts';
import type { WriterGuard } from '../writer/writer-guard.ts';
import type { InodePool } from './inode-pool.ts';
import { checkpointOf, readStoredCheckpoint, refuseFork, versionOf } from './stored-checkpoint.ts';

/** What a checkpoint store is opened on. */
export interface CheckpointParts {
  readonly fs: Fs;
  readonly root: string;
  readonly pool: InodePool;
  readonly guard: WriterGuard;
  readonly latch: FailureLatch;
  readonly room: Room;
}

/** The file `checkpoint`, replaced whole by a rename. The lock keeps other writers out; the guard notices when it no longer does. */
export class PosixCheckpointStore implements CheckpointStore {
  readonly minIntervalMs = 0;
  readonly exclusive = true;
  readonly #parts: CheckpointParts;
  readonly #replacements = new Mutex();
  #current: string | undefined;

  constructor(parts: CheckpointParts) {
    this.#parts = parts;
  }

  read(): Promise<StoredCheckpoint | undefined> {
    return readStoredCheckpoint(this.#parts.fs, this.#parts.root);
  }

  replace(note: Uint8Array, expected: Version | 'absent'): Promise<Version | 'lost'> {
    return this.#replacements.run(async () => {
      const { latch, guard } = this.#parts;
      latch.check();
      const stored = await this.read();
      if (stored !== undefined && equalBytes(stored.note, note)) return stored.version;
      if ((stored?.version ?? 'absent') !== expected) return 'lost';
      if (stored !== undefined) refuseFork(checkpointOf(stored.note), checkpointOf(note));
      await guard.check();
      await this.#store(note);
      return versionOf(note);
    });
  }

  /** COMMIT POINT of publication: the rename; it is durable when the directory is synced. */
  async #store(note: Uint8Array): Promise<void> {
    const { fs, root, pool, guard, latch, room } = this.#parts;
    let name: string;
    let temp: string;
    try {
      name = await pool.take();
      temp = `${root}/${LAYOUT.temp}/checkpoint-${name}`;
      await this.#write(pool.path(name), note);
      await fs.link(pool.path(name), temp);
    } catch (error) {
      // Nothing of it has the name yet: when there is room, another file is taken.
      throw isFull(error) ? await room.ranOut(error) : latch.fail('store the checkpoint', LAYOUT.checkpoint, error);
    }
    await latch.mustSucceed('store the checkpoint', LAYOUT.checkpoint, async () => {
      // To write it took its time: whoever has opened the log since may have published more.
      await guard.check();
      await fs.rename(temp, `${root}/${LAYOUT.checkpoint}`);
      await fs.fsyncDir(root, 'checkpoint-dir');
    });
    if (this.#current !== undefined) pool.rest(this.#current);
    this.#current = name;
  }

  async #write(path: string, note: Uint8Array): Promise<void> {
    const file = await this.#parts.fs.open(path, 'write');
    try {
      await writeFully(file, note, 0);
      if ((await file.stat()).size !== note.length) await file.truncate(note.length);
      await file.fdatasync('checkpoint-data');
    } finally {
      await file.close();
    }
  }
}
