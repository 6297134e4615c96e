import { encodeUtf8 } from '@tilewright/core/bytes';
import { LogError } from '@tilewright/log';
import { HALTED } from '@tilewright/log/ports';
import { unlessErrno } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { writeFully } from '../fs/write-fully.ts';
import { LAYOUT, PRIVATE_FILE } from './layout.ts';
import { readSmallFile } from './read-small-file.ts';

const TIME = /^(0|[1-9][0-9]*)\n$/;
const MAX_SIZE = 32;

/**
 * When the log in a directory was frozen; nothing while it takes entries. Older programs made an empty mark, and only when
 * the log had stopped itself for good.
 * @throws LogError 'corrupt'
 */
export async function readFrozenMark(fs: Fs, root: string): Promise<number | undefined> {
  const bytes = await readSmallFile(fs, `${root}/${LAYOUT.frozen}`, MAX_SIZE);
  if (bytes === undefined) return undefined;
  if (bytes.length === 0) return HALTED;
  const [, digits] = TIME.exec(String.fromCharCode(...bytes)) ?? [];
  if (digits !== undefined && Number.isSafeInteger(Number(digits))) return Number(digits);
  throw new LogError('corrupt', `${LAYOUT.frozen} is damaged: put it back from a backup of this directory`, {
    path: LAYOUT.frozen,
  });
}

/**
 * Makes the mark, whole and durable, or leaves the one that is there as it is: the log was frozen when it says. Returns
 * that time. May be called again when there was no room. Only the holder of the lock may.
 */
export async function makeFrozenMark(fs: Fs, root: string, atMs: number): Promise<number> {
  const mark = `${root}/${LAYOUT.frozen}`;
  const temp = `${root}/${LAYOUT.temp}/frozen`;
  // Left by a try for which there was no room.
  await unlessErrno(fs.unlink(temp), ['ENOENT'], undefined);
  const file = await fs.open(temp, 'create', PRIVATE_FILE);
  try {
    await writeFully(file, encodeUtf8(`${atMs}\n`), 0);
    await file.fdatasync('frozen-data');
  } finally {
    await file.close();
  }
  await unlessErrno(fs.link(temp, mark), ['EEXIST'], undefined);
  await fs.dropName(temp);
  await fs.fsyncDir(`${root}/${LAYOUT.state}`, 'frozen-dir');
  return (await readFrozenMark(fs, root)) ?? atMs;
}
