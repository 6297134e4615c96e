import { LogError } from '@tilewright/log';
import type { CheckpointStore, ObjectStore } from '@tilewright/log/ports';
import { readStoredCheckpoint } from './checkpoint/stored-checkpoint.ts';
import { LAYOUT } from './directory/layout.ts';
import type { Fs } from './fs/fs.ts';
import { nodeFs } from './fs/node-fs.ts';
import { readObject } from './objects/read-object.ts';

/** The readable half of a log's storage. */
export interface PosixReader {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
}

/**
 * Reads the log in a directory, also while another process writes it, and whoever wrote it. Takes no lock, changes
 * nothing, needs no state: `checkpoint` and `tile/` are all it looks at. Everything that would write throws 'frozen'.
 */
export function openPosixReader(dir: string, fs: Fs = nodeFs()): PosixReader {
  const refuse = (): Promise<never> => Promise.reject(new LogError('frozen', 'the log was opened for reading only'));
  return {
    objects: {
      create: refuse,
      sync: refuse,
      dropPartials: refuse,
      read: (path, signal) => readObject(fs, dir, path, signal),
      async isEmpty() {
        const parts = [LAYOUT.checkpoint, LAYOUT.tiles].map((name) => fs.stat(`${dir}/${name}`));
        return (await Promise.all(parts)).every((part) => part === undefined);
      },
    },
    checkpoints: { minIntervalMs: 0, replace: refuse, read: () => readStoredCheckpoint(fs, dir) },
  };
}
