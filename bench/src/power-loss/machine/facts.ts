import fs from 'node:fs';
import { join } from 'node:path';
import { makeExt4, mountImage, unmount } from './mounts.ts';
import { privateScratch } from './private-mounts.ts';

/** What this machine lets a test do with disks. Each is 'yes', or why not. */
export interface MachineFacts {
  /** An ext4 in a file, mounted over a loop device. */
  readonly loopExt4: string;
  /** A file system of our own below that, to record what reaches the disk. */
  readonly fuse: string;
  /** The kernel's own recorder, `dm-log-writes`, would need it. It is not used: the recording disk does the same. */
  readonly deviceMapper: string;
}

const YES = 'yes';
const TRIAL_BYTES = 16 * 1024 * 1024;

/** Finds out, by trying in the directory `scratch`. */
export function machineFacts(scratch: string): MachineFacts {
  return { loopExt4: attempt(() => tryLoop(scratch)), fuse: attempt(tryFuse), deviceMapper: attempt(tryDeviceMapper) };
}

/** Why disks cannot be recorded here; nothing when they can. */
export function whyNoBlocks({ loopExt4, fuse }: MachineFacts): string | undefined {
  if (loopExt4 !== YES) return `an ext4 cannot be mounted: ${loopExt4}`;
  return fuse === YES ? undefined : `there is no FUSE: ${fuse}`;
}

/** Whether an ext4 can be mounted. */
export function canMount({ loopExt4 }: MachineFacts): boolean {
  return loopExt4 === YES;
}

function attempt(work: () => void): string {
  try {
    work();
    return YES;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tryLoop(scratch: string): void {
  if (privateScratch() === undefined) throw new Error('it takes root, and mount namespaces');
  const image = join(scratch, 'trial.ext4');
  const at = join(scratch, 'trial');
  makeExt4(image, TRIAL_BYTES);
  mountImage(image, at);
  unmount(at);
  fs.rmSync(image);
}

function tryFuse(): void {
  fs.closeSync(fs.openSync('/dev/fuse', 'r+'));
}

function tryDeviceMapper(): void {
  if (!/\bdevice-mapper\b/.test(fs.readFileSync('/proc/misc', 'latin1'))) {
    throw new Error('this kernel was built without it (/proc/misc does not list it)');
  }
}
