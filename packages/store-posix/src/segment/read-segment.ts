import { BLOCK } from '../directory/layout.ts';
import { sizeOf } from '../directory/read-small-file.ts';
import { unlessErrno } from '../fs/errno.ts';
import type { Fs, FsFile } from '../fs/fs.ts';
import { decodeSegmentHeader, MOST_SEGMENT_BYTES } from './segment-header.ts';

/** A segment as it was read. */
export interface SegmentBytes {
  /** All of it; only its first block where that does not say that the segment is as long as its file. */
  readonly bytes: Uint8Array;
  /** Length of the file in bytes. */
  readonly size: number;
}

/** Reads a segment: no more of it than a block, unless it is as long as it was made, and no longer than any is made. */
export async function readSegment(fs: Fs, path: string): Promise<SegmentBytes> {
  const file = await unlessErrno<FsFile | undefined>(fs.open(path, 'read'), ['ENOENT'], undefined);
  if (file === undefined) return { bytes: new Uint8Array(0), size: 0 };
  try {
    const size = await sizeOf(file, path);
    const first = new Uint8Array(Math.min(size, BLOCK));
    await file.pread(first, 0);
    if (decodeSegmentHeader(first)?.size !== size || size > MOST_SEGMENT_BYTES) return { bytes: first, size };
    const bytes = new Uint8Array(size);
    bytes.set(first);
    await file.pread(bytes.subarray(BLOCK), BLOCK);
    return { bytes, size };
  } finally {
    await file.close();
  }
}
