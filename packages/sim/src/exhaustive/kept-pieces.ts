import type { SimulatedDisk } from '@tilewright/store-posix/testing';
import { ROOT } from '../machine/disk-view.ts';

/** Up to so many files and directories every subset is tried. */
const ALL_SUBSETS = 7;

/** What recovery empties, rebuilds or does not look at: whatever becomes of it is the same. */
const NEVER_READ = ['.state/tmp', '.state/reserve', '.state/owner.json', '.state/collected', '.state/checkpoints'];

/** The files and directories of which something is not synced, and of which it matters. */
export function unsyncedInodes(disk: SimulatedDisk): number[] {
  const found = new Set<number>();
  disk.clone().powerLoss((inode) => {
    found.add(inode);
    return true;
  });
  const named = new Set<number>();
  for (const path of disk.files('')) named.add(disk.file(path).id);
  for (const path of NEVER_READ) found.delete(disk.find(`${ROOT}/${path}`)?.id ?? 0);
  return [...found].filter((id) => named.has(id) || disk.hasDirectory(id));
}

/** How many patterns {@link keptBy} knows: every subset of few, and of many none, all, all but one, and only one. */
export function patterns(inodes: readonly number[]): number {
  return inodes.length <= ALL_SUBSETS ? 2 ** inodes.length : 2 * inodes.length + 2;
}

/** Whether pattern number `pattern` keeps what is not synced of an inode. Pattern 0 keeps nothing. */
export function keptBy(pattern: number, inodes: readonly number[]): (inode: number) => boolean {
  if (inodes.length <= ALL_SUBSETS) {
    const kept = new Set(inodes.filter((_, at) => Math.floor(pattern / 2 ** at) % 2 === 1));
    return (inode) => kept.has(inode);
  }
  if (pattern < 2) return () => pattern === 1;
  const single = inodes[Math.floor((pattern - 2) / 2)];
  const keepsIt = pattern % 2 === 0;
  return (inode) => (inode === single) === keepsIt;
}
