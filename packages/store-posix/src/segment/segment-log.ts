import { BLOCK } from '../directory/layout.ts';
import { isFull } from '../fs/errno.ts';
import { writeFully } from '../fs/write-fully.ts';
import type { FailureLatch } from '../writer/failure-latch.ts';
import type { Room } from '../writer/room.ts';
import { encodeRecord, recordLength, type SegmentRecord } from './record-codec.ts';
import type { Retention } from './retention.ts';
import { makeSegment, type OpenSegment, type SegmentMaker } from './segment-file.ts';

/** A segment that takes no more records. */
interface SealedSegment {
  readonly path: string;
  readonly bytes: number;
  /** The index after its last entry. */
  readonly end: number;
  /** Whether it holds any. */
  readonly holds: boolean;
}

/** What a segment log is opened on. */
export interface SegmentLogParts {
  readonly maker: SegmentMaker;
  /** Size of an ordinary segment in bytes. */
  readonly segmentBytes: number;
  readonly active: OpenSegment;
  /** The index after the last entry of `active`. */
  readonly end: number;
  readonly retention: Retention;
  readonly latch: FailureLatch;
  readonly room: Room;
}

/** The write-ahead log: one record unsynced at a time, in segments that are made before they are needed. */
export class SegmentLog {
  readonly #parts: SegmentLogParts;
  #active: OpenSegment;
  #end: number;
  /** Whether the active segment holds a record. */
  #holds: boolean;
  /** Full segments, oldest first. */
  #sealed: SealedSegment[] = [];
  #spare: OpenSegment | undefined;
  #preparing: Promise<void> | undefined;

  constructor(parts: SegmentLogParts) {
    this.#parts = parts;
    this.#active = parts.active;
    this.#end = parts.end;
    this.#holds = parts.active.offset > BLOCK;
  }

  /**
   * Appends one record; durable on return. MUST NOT be called before the previous call has settled: recovery can tell
   * a torn tail from damage only because a single record was on its way.
   * Throws 'storage-full' when there was no room and nothing was written; anything else is fatal.
   */
  async append(record: SegmentRecord): Promise<void> {
    const { latch } = this.#parts;
    latch.check();
    const length = recordLength(record.entries);
    if (this.#active.offset + length > this.#active.header.size) await this.#roll(length);
    const { file, header, offset, path } = this.#active;
    const bytes = encodeRecord(record, header.nonce, offset);
    const written = await this.#begin(bytes);
    await latch.mustSucceed('store new entries', path, async () => {
      if (written < bytes.length) await writeFully(file, bytes.subarray(written), offset + written);
      await file.fdatasync('segment-record');
    });
    this.#active.offset += length;
    this.#end = record.first + record.entries.length;
    this.#holds = true;
    this.#prepareSpare();
  }

  /**
   * Lets go of segments that hold nothing at or above `below`; never of the newest that holds anything: recovery takes
   * an epoch without a record, whose first segment is gone, for one that lost some.
   */
  async release(below: number, nowMs: number): Promise<void> {
    const { retention } = this.#parts;
    const newest = this.#holds ? undefined : this.#sealed.findLast(({ holds }) => holds);
    for (let [oldest] = this.#sealed; oldest !== undefined; [oldest] = this.#sealed) {
      if (oldest.end > below || oldest === newest) break;
      this.#sealed = this.#sealed.slice(1);
      retention.add(oldest.path, oldest.bytes, nowMs);
    }
    await retention.prune(nowMs);
  }

  async close(): Promise<void> {
    await this.#preparing;
    await this.#spare?.file.close();
    await this.#active.file.close();
  }

  /** Writes the first bytes. Where even prepared blocks need room, that there is none shows here, before anything is stored. */
  async #begin(bytes: Uint8Array): Promise<number> {
    const { latch, room } = this.#parts;
    const { file, offset, path } = this.#active;
    try {
      return await file.pwrite(bytes, offset);
    } catch (error) {
      if (!isFull(error)) throw latch.fail('store new entries', path, error);
      // Never again on this descriptor: the next record goes to the next segment.
      this.#active.offset = this.#active.header.size;
      throw await room.ranOut(error);
    }
  }

  async #roll(length: number): Promise<void> {
    await this.#preparing;
    let next = this.#spare ?? (await this.#make(length, this.#active.header.ordinal + 1));
    this.#spare = undefined;
    if (next.offset + length > next.header.size) {
      // The prepared segment is of ordinary size, the record is not: it stays empty, and one that fits follows it.
      this.#use(next);
      next = await this.#make(length, next.header.ordinal + 1);
    }
    this.#use(next);
  }

  #use(next: OpenSegment): void {
    const { path, header, file } = this.#active;
    this.#sealed.push({ path, bytes: header.size, end: this.#end, holds: this.#holds });
    this.#active = next;
    this.#holds = false;
    // Everything in it is durable.
    void file.close().catch(() => undefined);
  }

  #prepareSpare(): void {
    const { header, offset } = this.#active;
    if (this.#spare !== undefined || this.#preparing !== undefined || 2 * offset < header.size) return;
    const made = this.#make(0, header.ordinal + 1).then((segment) => {
      this.#spare = segment;
    });
    // What went wrong stands in the latch, or closed intake: whoever appends next is told.
    this.#preparing = made
      .catch(() => undefined)
      .finally(() => {
        this.#preparing = undefined;
      });
  }

  /** Makes a segment for a record of `length`. Throws 'storage-full'; anything else is fatal. */
  async #make(length: number, ordinal: number): Promise<OpenSegment> {
    const { maker, segmentBytes, latch, room } = this.#parts;
    try {
      const size = Math.max(segmentBytes, BLOCK + length);
      return await makeSegment(maker, { ordinal, base: this.#end, before: this.#end, size }, [], 'segment-prepared');
    } catch (error) {
      throw isFull(error) ? await room.ranOut(error) : latch.fail('make a segment', this.#active.path, error);
    }
  }
}
