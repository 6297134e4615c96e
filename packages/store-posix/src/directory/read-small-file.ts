import { unlessErrno } from '../fs/errno.ts';
import type { Fs, FsFile } from '../fs/fs.ts';

/**
 * A file that is at most `most` bytes long wherever it is whole, and one byte more of one that is longer: enough for
 * its decoder to refuse it, and no memory for whatever made it so long. Nothing when there is no such file.
 */
export async function readSmallFile(fs: Fs, path: string, most: number): Promise<Uint8Array | undefined> {
  const file = await unlessErrno<FsFile | undefined>(fs.open(path, 'read'), ['ENOENT', 'ENOTDIR'], undefined);
  if (file === undefined) return undefined;
  try {
    const bytes = new Uint8Array(Math.min(await sizeOf(file, path), most + 1));
    return bytes.subarray(0, await file.pread(bytes, 0));
  } finally {
    await file.close();
  }
}

/** Length of an open file in bytes. Throws EISDIR, naming it, when it is something else: reading that would name nothing. */
export async function sizeOf(file: FsFile, path: string): Promise<number> {
  const { kind, size } = await file.stat();
  if (kind === 'file') return size;
  throw Object.assign(new Error(`EISDIR: '${path}' is not a file`), { code: 'EISDIR', path });
}
