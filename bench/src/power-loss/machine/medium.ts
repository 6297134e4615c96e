import fs from 'node:fs';
import { join } from 'node:path';
import { makeExt4, mountedAt, mountImage, unmount } from './mounts.ts';

/** A directory on a real file system. */
export interface Medium {
  readonly dir: string;
  /** What file system it is. */
  readonly name: string;
  close(): void;
}

/** Sparse: only what is written takes room. */
const BYTES = 512 * 1024 * 1024;
/** From linux/magic.h. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x0102_1994, 'tmpfs'],
  [0x5846_5342, 'xfs'],
  [0x9123_683e, 'btrfs'],
  [0x794c_7630, 'overlayfs'],
]);

/** An ext4 of its own, over a loop device. */
export function loopMedium(scratch: string): Medium {
  const image = join(scratch, 'files.ext4');
  const dir = join(scratch, 'files');
  makeExt4(image, BYTES);
  mountImage(image, dir);
  return { dir, name: `${mountedAt(dir)} over a loop device on ${fileSystemOf(scratch)}`, close: () => unmount(dir) };
}

/** A new directory in `parent`, on whatever file system that is. */
export function plainMedium(parent: string): Medium {
  const dir = fs.mkdtempSync(join(parent, 'power-loss-'));
  return { dir, name: fileSystemOf(dir), close: () => fs.rmSync(dir, { recursive: true, force: true }) };
}

function fileSystemOf(dir: string): string {
  const { type } = fs.statfsSync(dir);
  return NAMES.get(type) ?? `a file system of type 0x${type.toString(16)}`;
}
