import type { Hash } from '@tilewright/core/bytes';
import type { Entropy } from '@tilewright/log/ports';
import { BLOCK, LAYOUT, PRIVATE_FILE } from '../directory/layout.ts';
import type { Fs, FsFile } from '../fs/fs.ts';
import { writeFully, writeZeros } from '../fs/write-fully.ts';
import { encodeRecord, recordLength, type SegmentRecord } from './record-codec.ts';
import { encodeSegmentHeader, MOST_SEGMENT_BYTES, type SegmentHeader, segmentName } from './segment-header.ts';

/** A segment that records are appended to. */
export interface OpenSegment {
  readonly file: FsFile;
  /** Relative to the storage directory. */
  readonly path: string;
  readonly header: SegmentHeader;
  /** Where the next record goes. */
  offset: number;
}

/** What every segment of one opening has in common. */
export interface SegmentMaker {
  readonly fs: Fs;
  readonly root: string;
  readonly logId: Hash;
  readonly epoch: number;
  readonly entropy: Entropy;
}

/** Length of the file that holds these records after its header, in bytes. */
export function segmentLength(records: readonly SegmentRecord[]): number {
  return records.reduce((sum, record) => sum + recordLength(record.entries), BLOCK);
}

/**
 * Makes a segment of `size` bytes: header, the given records, zeros. It gets its name only when all of it is durable,
 * and the name is durable on return: whatever stands under `wal/` is complete, so that appending to it needs neither
 * room nor metadata.
 */
export async function makeSegment(
  maker: SegmentMaker,
  place: Pick<SegmentHeader, 'ordinal' | 'base' | 'before' | 'size'>,
  records: readonly SegmentRecord[],
  why: 'segment-opened' | 'segment-prepared',
): Promise<OpenSegment> {
  const { fs, root } = maker;
  if (place.size > MOST_SEGMENT_BYTES) throw new RangeError(`a segment has at most ${MOST_SEGMENT_BYTES} bytes`);
  const name = segmentName(maker.epoch, place.ordinal);
  const temp = `${root}/${LAYOUT.temp}/segment-${name}`;
  const path = `${LAYOUT.wal}/${name}`;
  const file = await fs.open(temp, 'create', PRIVATE_FILE);
  try {
    const nonce = Uint8Array.from([...maker.entropy.token(), ...maker.entropy.token()]);
    const header: SegmentHeader = { logId: maker.logId, epoch: maker.epoch, ...place, nonce };
    const offset = await writeContent(file, header, records);
    await file.fdatasync(why);
    await fs.rename(temp, `${root}/${path}`);
    await fs.fsyncDir(`${root}/${LAYOUT.wal}`, `${why}-dir`);
    return { file, path, header, offset };
  } catch (error) {
    // No room: what was written so far must not take any.
    await file.close().catch(() => undefined);
    await fs.unlink(temp).catch(() => undefined);
    throw error;
  }
}

async function writeContent(file: FsFile, header: SegmentHeader, records: readonly SegmentRecord[]): Promise<number> {
  await writeFully(file, encodeSegmentHeader(header), 0);
  let offset = BLOCK;
  for (const record of records) {
    const bytes = encodeRecord(record, header.nonce, offset);
    await writeFully(file, bytes, offset);
    offset += bytes.length;
  }
  await writeZeros(file, offset, header.size);
  return offset;
}
