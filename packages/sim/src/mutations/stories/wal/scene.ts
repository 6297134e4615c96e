import { asHash, encodeUtf8 } from '@tilewright/core/bytes';
import {
  encodeRecord,
  encodeSegmentHeader,
  readWal,
  type SegmentHeader,
  SimulatedDisk,
  segmentName,
  type WalReading,
} from '@tilewright/store-posix/testing';

const ROOT = '/log';
/** Bytes of a block. */
export const BLOCK = 4096;
/** Which log the segments belong to. */
export const LOG_ID: SegmentHeader['logId'] = asHash(new Uint8Array(32).fill(7));

/** A segment as it is put on the disk. */
export interface Put {
  readonly epoch?: number;
  readonly ordinal?: number;
  readonly base?: number;
  readonly before?: number;
  /** First index of each record, of one entry; 'bad' is one whose bytes are no record. */
  readonly records: readonly (number | 'bad')[];
  /** What is not as it would be written. */
  readonly changed?: Partial<SegmentHeader>;
  /** Under another name than it says. */
  readonly name?: string;
}

/** A disk with these segments. */
export async function diskWith(segments: readonly Put[]): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const process = disk.process();
  for (const path of [ROOT, `${ROOT}/.state`, `${ROOT}/.state/wal`]) await process.mkdir(path, 0o700);
  for (const { epoch = 1, ordinal = 0, base = 0, before = base, records, changed, name } of segments) {
    const nonce = new Uint8Array(32).fill(10 * epoch + ordinal);
    const header = {
      logId: LOG_ID,
      epoch,
      ordinal,
      base,
      before,
      size: BLOCK * (records.length + 3),
      nonce,
      ...changed,
    };
    const file = await process.open(`${ROOT}/.state/wal/${name ?? segmentName(epoch, ordinal)}`, 'create');
    await file.pwrite(new Uint8Array(header.size), 0);
    await file.pwrite(encodeSegmentHeader(header), 0);
    for (const [at, first] of records.entries()) {
      const offset = BLOCK * (at + 1);
      const bytes =
        first === 'bad'
          ? new Uint8Array(BLOCK).fill(0xee)
          : encodeRecord({ first, token: new Uint8Array(16), entries: [encodeUtf8(`entry ${first}`)] }, nonce, offset);
      await file.pwrite(bytes, offset);
    }
  }
  return disk;
}

/** What recovery reads of them, for a tree of `from` entries whose register was written by opening `epoch`. */
export function read(disk: SimulatedDisk, from: number, epoch: number | undefined): Promise<WalReading> {
  return readWal(disk.process(), ROOT, LOG_ID, from, epoch);
}
