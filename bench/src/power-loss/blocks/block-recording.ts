import fs from 'node:fs';
import { join } from 'node:path';
import { loadSignerFile } from '@tilewright/signer';
import { type Fs, nodeFs, type SyncPurpose } from '@tilewright/store-posix';
import { ORIGIN } from '../files/file-recording.ts';
import { LazyFs } from '../life/lazy-fs.ts';
import { type Moment, movePromises, PromiseBook, type Promises } from '../life/promises.ts';
import { type LogHome, startLog } from '../life/start-log.ts';
import { type Act, live } from '../life/workload.ts';
import { makeExt4, mountedAt, mountImage, unmount } from '../machine/mounts.ts';
import type { BlockEvent } from './block-event.ts';
import { type Blocks, blocksOf } from './block-image.ts';
import { RecordingDisk } from './recording-disk.ts';

/** Of the disk: small, so that an image of it is made quickly, and with room for a life. */
const DISK_BYTES = 64 * 1024 * 1024;

/** A life of a log on a real ext4, as the disk below saw it. */
export interface BlockRecording {
  readonly form: 'blocks';
  readonly keyPem: string;
  readonly without: SyncPurpose | undefined;
  /** How the file system was mounted. */
  readonly mounted: string;
  /** Of the disk, in bytes. */
  readonly size: number;
  /** The disk before, with an empty file system. */
  readonly base: Blocks;
  readonly events: readonly BlockEvent[];
  /** Told at moments that count events. */
  readonly promises: Promises;
}

/** The log on a file system that is mounted at `at`; its dedupe index is on the disk as everything else. */
export function homeOn(at: string, keyPem: string): LogHome {
  return { dir: join(at, 'log'), key: loadSignerFile(keyPem, ORIGIN), dedupe: true };
}

/** Lives a life on a new ext4 over a recording disk. Needs root, loop devices and FUSE. */
export async function recordBlocks(
  scratch: string,
  keyPem: string,
  acts: readonly Act[],
  without: SyncPurpose | undefined,
): Promise<BlockRecording> {
  const image = join(scratch, 'empty.ext4');
  const at = join(scratch, 'mounted');
  makeExt4(image, DISK_BYTES);
  const disk = RecordingDisk.start(image, scratch);
  const book = new PromiseBook(() => disk.mark());
  try {
    mountImage(disk.path, at);
    const mounted = mountedAt(at);
    const system: Fs = without === undefined ? nodeFs() : new LazyFs(nodeFs(), without);
    const home = homeOn(at, keyPem);
    await live(acts, () => startLog(home, system, book));
    // What comes after belongs to the end of the file system, not of the log.
    disk.mark();
    unmount(at);
    const events = await disk.stop();
    const last = events.findLastIndex(({ kind }) => kind === 'mark');
    const promises = movePromises(book, momentsOf(events));
    const base = blocksOf(fs.readFileSync(image));
    const recorded = { base, size: DISK_BYTES, events: events.slice(0, last), promises };
    return { form: 'blocks', keyPem, without, mounted, ...recorded };
  } catch (error) {
    await disk.destroy().catch(() => undefined);
    throw error;
  } finally {
    fs.rmSync(image);
  }
}

/** Turns the number of a mark into a moment: how many events had come by then. */
function momentsOf(events: readonly BlockEvent[]): (mark: number) => Moment {
  const moments = new Map<number, Moment>();
  for (const [at, event] of events.entries()) if (event.kind === 'mark') moments.set(event.number, at + 1);
  return (mark) => {
    const moment = moments.get(mark);
    if (moment === undefined) throw new Error(`the recording lacks mark ${mark}`);
    return moment;
  };
}
