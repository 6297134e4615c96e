import type { Hash } from '@tilewright/core/bytes';
import { LAYOUT } from '../directory/layout.ts';
import type { Fs } from '../fs/fs.ts';
import { PosixError } from '../posix-error.ts';
import type { SegmentRecord } from '../segment/record-codec.ts';
import { damage, readSegments, type WalSegment } from './wal-segment.ts';

/** Where a crash tore the last record: what stands there was acknowledged to nobody. It stays, as evidence. */
export interface TornTail {
  readonly path: string;
  readonly offset: number;
}

/** What the write-ahead log says. */
export interface WalReading {
  /** The opening that counts. */
  readonly epoch: number;
  /** The index after the last sequenced entry. */
  readonly next: number;
  /** Everything at or above the integrated size, in order. */
  readonly records: readonly SegmentRecord[];
  readonly torn: TornTail | undefined;
  /** Valid segments that have records, oldest first. */
  readonly kept: readonly WalSegment[];
  /** Segments that the next opening does not need: empty ones, and copies that know nothing more than their source. */
  readonly useless: readonly WalSegment[];
  /** Above every epoch that was ever used. */
  readonly nextEpoch: number;
}

/** What the segments of one opening say. */
type Chain = Pick<WalReading, 'next' | 'records' | 'torn'>;

/**
 * Reads the write-ahead log of a tree of `from` entries. Of the openings that wrote segments, one counts: that of the
 * tree register, which every opening rewrites once its copies are durable. Earlier ones hold what is integrated; later
 * ones are copies of openings that were cut short. Those are durable, and what they were made of may have been in memory
 * only: where they know more, they are all that is left of it, and count.
 *
 * A record that is not valid is the torn end of the last append only where nothing valid follows, in the newest
 * segment that was written to, at or above `from`; everywhere else it is damage.
 *
 * @throws PosixError 'corrupt' with file and offset; 'half-log' when segments are missing.
 */
export async function readWal(
  fs: Fs,
  root: string,
  logId: Hash,
  from: number,
  epoch: number | undefined,
): Promise<WalReading> {
  const segments = await readSegments(fs, root, logId, from);
  const chosen = epoch ?? mostComplete(segments);
  const chain = readChain(
    segments.filter((segment) => segment.epoch === chosen),
    from,
    chosen,
  );
  for (const segment of segments) checkEarlier(segment, segments, chosen);
  const later = segments.filter((segment) => segment.epoch > chosen);
  const upToNow = segments.filter((segment) => segment.epoch <= chosen);
  const copies = later.filter((segment) => knowsMore(segment, chain.next)).at(-1);
  return {
    ...(copies === undefined ? chain : continued(chain, copies)),
    epoch: chosen,
    kept: [...upToNow.filter((segment) => segment.range !== undefined), ...(copies === undefined ? [] : [copies])],
    useless: [
      ...upToNow.filter((segment) => segment.range === undefined),
      ...later.filter((segment) => segment !== copies),
    ],
    nextEpoch: Math.max(chosen, ...segments.map((segment) => segment.epoch)) + 1,
  };
}

/** The opening that holds the most when no register says which counts: copies that were cut short hold less. */
function mostComplete(segments: readonly WalSegment[]): number {
  const end = (segment: WalSegment): number => segment.range?.end ?? segment.base;
  const most = segments.reduce((so, segment) => Math.max(so, end(segment)), 0);
  return segments.reduce((so, segment) => (end(segment) === most ? Math.max(so, segment.epoch) : so), 0);
}

/** Whether a segment of a later opening holds copies of more than is left. What was appended there says that it counted. */
function knowsMore({ path, ordinal, base, before, range, bad }: WalSegment, next: number): boolean {
  if (range === undefined || range.end <= next) return false;
  const isCopy = ordinal === 0 && range.first === base && range.end === before && bad === undefined;
  if (!isCopy || range.first > next) {
    throw damage(path, 0, `it knows ${range.end} entries, ${LAYOUT.treeRegister} is older than it`);
  }
  return true;
}

/** The log with the copies of what it lost. What tore there is whole here. */
function continued(chain: Chain, { records, range }: WalSegment): Chain {
  const more = records.filter(({ first }) => first >= chain.next);
  return { next: range?.end ?? chain.next, records: [...chain.records, ...more], torn: undefined };
}

/** Segments of earlier openings must be whole too. */
function checkEarlier(segment: WalSegment, all: readonly WalSegment[], chosen: number): void {
  const { epoch, path, bad, range } = segment;
  if (epoch >= chosen || bad === undefined) return;
  const successor = all.find((other) => other.epoch === epoch + 1 && other.ordinal === 0);
  const end = range?.end ?? startOf(segment, all);
  // Where neighbours are gone they were released: a power loss brought this one back, and nothing is needed of it. Later
  // openings know nothing of its end.
  if (successor === undefined || end === undefined) return;
  const { base, before } = successor;
  // Torn when the successor was opened; or whole in memory only, and then the successor has a copy of it.
  const copied = base <= end && end < before && before <= (successor.range?.end ?? 0);
  if ((end !== before && !copied) || bad.validAfter !== undefined) {
    throw damage(path, bad.offset, 'a record is not valid');
  }
}

/** The first index that belongs into a segment, if it can be told. */
function startOf({ epoch, ordinal, base }: WalSegment, all: readonly WalSegment[]): number | undefined {
  if (ordinal === 0) return base;
  return all.findLast((other) => other.epoch === epoch && other.ordinal < ordinal && other.range !== undefined)?.range
    ?.end;
}

function readChain(segments: readonly WalSegment[], from: number, epoch: number): Chain {
  // A log that was made or adopted, and never opened.
  if (segments.length === 0 && epoch === 0) return { next: from, records: [], torn: undefined };
  const [oldest] = segments;
  if (oldest === undefined) {
    throw new PosixError(
      'half-log',
      `${LAYOUT.wal} has no segment of epoch ${epoch}: sequenced entries are missing. Put ${LAYOUT.wal} back as it was last`,
      { path: LAYOUT.wal },
    );
  }
  // The first segment of an epoch says where it starts; later ones only by their first record.
  let next = oldest.ordinal === 0 ? oldest.base : undefined;
  let start = next;
  let end = 0;
  let torn: TornTail | undefined;
  let ordinal = oldest.ordinal;
  for (const segment of segments) {
    const { range, path } = segment;
    if (torn !== undefined && (range !== undefined || segment.bad !== undefined)) {
      throw damage(torn.path, torn.offset, `a record is not valid, and ${path} follows`);
    }
    if (segment.ordinal !== ordinal) next = undefined;
    if (range !== undefined && range.first < end) {
      throw damage(path, 0, `it starts with entry ${range.first}, and ${end} were before it`);
    }
    if (range !== undefined && range.first !== next) {
      // Released segments may come back after a power loss, with gaps: below the tree nothing is needed of them.
      if (range.first > from)
        throw damage(path, 0, `it starts with entry ${range.first}, and those before it are missing`);
      start = range.first;
    }
    next = range?.end ?? next;
    end = range?.end ?? end;
    torn = tornTail(segment, next, from) ?? torn;
    ordinal = segment.ordinal + 1;
  }
  if (next === undefined || start === undefined) {
    throw new PosixError(
      'half-log',
      `${LAYOUT.wal} lacks segments of epoch ${epoch}: sequenced entries are missing. Put ${LAYOUT.wal} back as it was last`,
      { path: LAYOUT.wal },
    );
  }
  if (start > from || next < from) {
    throw damage(oldest.path, 0, `the segments hold entries ${start} to ${next}, the tree has ${from}`);
  }
  return { next, records: segments.flatMap((segment) => segment.records), torn };
}

function tornTail({ bad, path }: WalSegment, next: number | undefined, from: number): TornTail | undefined {
  if (bad === undefined) return undefined;
  if (bad.validAfter !== undefined) {
    throw damage(path, bad.offset, `a record is not valid, and a valid one follows at byte ${bad.validAfter}`);
  }
  // The newest segment that holds anything is never released: where nothing is valid before it, something was.
  if (next === undefined) throw damage(path, bad.offset, 'a record is not valid, and none before it is left');
  if (next < from) throw damage(path, bad.offset, `a record is not valid: entry ${next} is one of ${from} integrated`);
  return { path, offset: bad.offset };
}
