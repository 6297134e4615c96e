import fs from 'node:fs';

/**
 * Whether the kernel lists a lock on this inode. Where it has no such list, the answer is no: this only guards an
 * operator who adopts the directory of a program that still runs.
 */
export function isLockedInKernel(path: string): boolean {
  const stats = fs.statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  let list: string;
  try {
    list = fs.readFileSync('/proc/locks', 'latin1');
  } catch {
    return false;
  }
  return list.split('\n').some((line) => line.includes(`:${stats.ino} `));
}
