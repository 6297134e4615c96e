import type { Fs, FsFile } from '@tilewright/store-posix';
import type { SimulatedDisk } from '@tilewright/store-posix/testing';
import type { Moment } from '../life/promises.ts';
import { type Change, type Step, stepsUntil } from './trace.ts';

/**
 * The disk at a moment of a recording, as the calls had left it: what was synced, and what was not. A sync that had
 * not returned yet has done nothing; one that had covers what was there when it began, and nothing that came meanwhile.
 */
export async function replayTrace(base: SimulatedDisk, steps: readonly Step[], moment: Moment): Promise<SimulatedDisk> {
  const disk = base.clone();
  const fs = disk.process();
  const files = new Map<number, FsFile>();
  for (const { change, failed } of stepsUntil(steps, moment)) if (failed !== true) await apply(fs, files, change);
  return disk;
}

async function apply(fs: Fs, files: Map<number, FsFile>, change: Change): Promise<void> {
  const fileOf = (file: number): FsFile => {
    const open = files.get(file);
    if (open === undefined) throw new Error('the recording uses a file that it did not open');
    return open;
  };
  switch (change.kind) {
    case 'open':
      files.set(change.file, await fs.open(change.path, 'read'));
      break;
    case 'create':
      files.set(change.file, await fs.open(change.path, 'create'));
      break;
    case 'pwrite':
      await fileOf(change.file).pwrite(change.bytes, change.offset);
      break;
    case 'truncate':
      await fileOf(change.file).truncate(change.size);
      break;
    case 'fdatasync':
      await fileOf(change.file).fdatasync(change.purpose);
      break;
    case 'link':
      await fs.link(change.from, change.to);
      break;
    case 'rename':
      await fs.rename(change.from, change.to);
      break;
    case 'unlink':
      await fs.unlink(change.path);
      break;
    case 'mkdir':
      await fs.mkdir(change.path, change.permissions);
      break;
    case 'rmdir':
      await fs.rmdir(change.path);
      break;
    case 'lock':
      // A lock is gone with the process; its file stays.
      if ((await fs.stat(change.path)) === undefined) await fs.open(change.path, 'create');
      break;
    case 'fsync-dir':
      await fs.fsyncDir(change.path, change.purpose);
      break;
  }
}
