import type { FsFile } from './fs.ts';

const ZEROS = new Uint8Array(1024 * 1024);

/** Writes all of `bytes` at `offset`: a system may take fewer than it was given. */
export async function writeFully(file: FsFile, bytes: Uint8Array, offset: number): Promise<void> {
  let written = await file.pwrite(bytes, offset);
  while (written < bytes.length) {
    const more = await file.pwrite(bytes.subarray(written), offset + written);
    if (more === 0) throw Object.assign(new Error('a write took no bytes'), { code: 'EIO' });
    written += more;
  }
}

/** Writes zeros from `from` to `to`: real blocks, so that later writes need no room and no metadata. */
export async function writeZeros(file: FsFile, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += ZEROS.length) {
    await writeFully(file, ZEROS.subarray(0, Math.min(ZEROS.length, to - at)), at);
  }
}
