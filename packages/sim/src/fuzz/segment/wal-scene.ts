import type { Sample } from '@tilewright/fuzz';
import {
  entriesOf,
  LAYOUT,
  Register,
  type SegmentRecord,
  scanSegment,
  type WalReading,
} from '@tilewright/store-posix/testing';
import { LOG_ID } from '../../world/log-key.ts';
import type { MemoryFile } from '../memory-fs.ts';
import { filesBelow, type LogImage, logImages } from '../recovery/log-images.ts';
import { ROOT } from '../recovery/small-log.ts';
import { segmentSample } from './make-segment-bytes.ts';

/** What `readWal` is given, and what of it is true. */
export interface WalScene {
  readonly image: LogImage;
  /** By path, root included. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the tree register says. */
  readonly from: number;
  readonly epoch: number | undefined;
}

/** A scene that something happened to. */
export interface WalWork {
  readonly files: Map<string, MemoryFile>;
  from: number;
  epoch: number | undefined;
  /** Whether a checksum was made anew. */
  forged: boolean;
  readonly how: string[];
}

/** The write-ahead logs of all images. */
export async function walScenes(): Promise<readonly WalScene[]> {
  return Promise.all(
    (await logImages()).map(async (image) => {
      const path = `${ROOT}/${LAYOUT.treeRegister}`;
      const register = await Register.open(image.disk.clone().process(), path, 'tree', LOG_ID);
      const { value } = register.reading;
      const files = new Map([...filesBelow(image.disk, LAYOUT.wal)].map(([name, bytes]) => [`${ROOT}/${name}`, bytes]));
      return { image, files, from: value?.tree.size ?? 0, epoch: value?.epoch };
    }),
  );
}

/** What a mutator should know of a segment that the driver wrote. */
export function sampleOf(bytes: Uint8Array): Sample {
  const scan = scanSegment(bytes);
  if (scan === undefined) return { bytes, fields: [], busy: [] };
  const records = scan.records.map((stored) => {
    const record: SegmentRecord = { first: stored.first, token: stored.token, entries: entriesOf(stored) };
    return { offset: stored.offset, bytes: bytes.subarray(stored.offset, stored.offset + stored.length), record };
  });
  return segmentSample({ header: scan.header, records, bytes });
}

/** All entries of a reading with their indexes, in order. */
export function* entriesRead({ records }: WalReading): Iterable<readonly [index: number, entry: Uint8Array]> {
  for (const { first, entries } of records) for (const [at, entry] of entries.entries()) yield [first + at, entry];
}
