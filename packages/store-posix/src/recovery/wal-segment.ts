import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { LAYOUT } from '../directory/layout.ts';
import type { Fs } from '../fs/fs.ts';
import { PosixError } from '../posix-error.ts';
import { readSegment, type SegmentBytes } from '../segment/read-segment.ts';
import { entriesOf, type SegmentRecord, type StoredRecord } from '../segment/record-codec.ts';
import { type BadRecord, scanSegment } from '../segment/scan-segment.ts';
import { MOST_SEGMENT_BYTES, parseSegmentName } from '../segment/segment-header.ts';

/** What recovery needs to know of one segment. */
export interface WalSegment {
  /** Relative to the storage directory. */
  readonly path: string;
  readonly epoch: number;
  readonly ordinal: number;
  readonly base: number;
  readonly before: number;
  readonly bytes: number;
  /** Indexes from `first` up to, without, `end`; nothing when it has no record. */
  readonly range: { readonly first: number; readonly end: number } | undefined;
  readonly bad: BadRecord | undefined;
  /** What it holds at or above the size that was asked for; copies. */
  readonly records: readonly SegmentRecord[];
}

/** The segments' names below `wal/`, in order of epoch and ordinal. */
async function listSegments(fs: Fs, root: string): Promise<readonly string[]> {
  const names = (await fs.readdir(`${root}/${LAYOUT.wal}`)) ?? [];
  const order = (name: string): number[] => {
    const { epoch, ordinal } = parseSegmentName(name) ?? { epoch: 0, ordinal: 0 };
    return [epoch, ordinal];
  };
  return names
    .filter((name) => parseSegmentName(name) !== undefined)
    .sort((a, b) => {
      const [[epochA = 0, ordinalA = 0], [epochB = 0, ordinalB = 0]] = [order(a), order(b)];
      return epochA - epochB || ordinalA - ordinalB;
    });
}

/**
 * Reads all segments and checks everything in them but where their records stop.
 *
 * @throws PosixError 'corrupt' for a damaged header or a file of another length than it was made with.
 */
export async function readSegments(fs: Fs, root: string, logId: Hash, from: number): Promise<readonly WalSegment[]> {
  const names = await listSegments(fs, root);
  const read = (at: number): Promise<SegmentBytes> => readSegment(fs, `${root}/${LAYOUT.wal}/${names[at]}`);
  const segments: WalSegment[] = [];
  let ahead = names.length > 0 ? read(0) : undefined;
  for (const [at, name] of names.entries()) {
    const found = await ahead;
    if (found === undefined) break;
    // The disk reads the next one while this one is hashed.
    ahead = at + 1 < names.length ? read(at + 1) : undefined;
    ahead?.catch(() => undefined);
    segments.push(checkSegment(found, name, logId, from));
  }
  return segments;
}

function checkSegment({ bytes, size }: SegmentBytes, name: string, logId: Hash, from: number): WalSegment {
  const path = `${LAYOUT.wal}/${name}`;
  const scan = scanSegment(bytes);
  const named = parseSegmentName(name);
  const header = scan?.header;
  if (scan === undefined || header?.epoch !== named?.epoch || header?.ordinal !== named?.ordinal) {
    throw damage(path, 0, 'its first block is damaged');
  }
  if (!equalBytes(scan.header.logId, logId)) throw damage(path, 0, 'it belongs to another log');
  if (size !== scan.header.size) throw damage(path, size, `it has ${size} bytes and was made with ${scan.header.size}`);
  if (size > MOST_SEGMENT_BYTES) throw damage(path, 0, `it has ${size} bytes, and no segment is made so long`);
  let next = scan.records[0]?.first ?? 0;
  for (const record of scan.records) {
    if (record.first !== next || record.first < scan.header.base) {
      throw damage(path, record.offset, `it continues with entry ${record.first} where ${next} was to come`);
    }
    next += record.count;
  }
  const [first] = scan.records;
  return {
    path,
    epoch: scan.header.epoch,
    ordinal: scan.header.ordinal,
    base: scan.header.base,
    before: scan.header.before,
    bytes: size,
    range: first && { first: first.first, end: next },
    bad: scan.bad,
    records: scan.records.flatMap((record) => above(record, from)),
  };
}

/** Damage that stops the start: `path` and `offset` say where, the message what to do. */
export function damage(path: string, offset: number, what: string): PosixError {
  return new PosixError(
    'corrupt',
    `${path} is damaged at byte ${offset}: ${what}. Entries that were promised may be in it: check the disk, and put the file back from a copy; do not remove it`,
    { path, offset },
  );
}

/** What a record holds from index `from` on, copied out of the segment's memory. */
function above(record: StoredRecord, from: number): SegmentRecord[] {
  if (record.first + record.count <= from) return [];
  const entries = entriesOf(record)
    .slice(Math.max(0, from - record.first))
    .map((entry) => entry.slice());
  return [{ first: Math.max(record.first, from), token: record.token.slice(), entries }];
}
