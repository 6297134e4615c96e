import { randomNumbers } from '@tilewright/fuzz/random-numbers';
import type { SimulatedDisk } from '@tilewright/store-posix/testing';
import { ROOT } from '../../../machine/disk-view.ts';

/** A way in which power is lost. */
export interface Loss {
  /** What a message calls it. */
  readonly name: string;
  /** Begins anew: asked for each piece that was not synced, the answer says whether it stays. */
  readonly begin: () => () => boolean;
}

/** Nothing stays that was not synced. */
export const LOSE_ALL: Loss = { name: 'all is lost', begin: () => () => false };
/** Everything stays. */
export const KEEP_ALL: Loss = { name: 'all is kept', begin: () => () => true };

/** Nothing, everything, and `halves` reproducible ways in between. */
export function someLosses(halves: number): readonly Loss[] {
  const between = Array.from({ length: halves }, (_, seed): Loss => {
    const begin = (): (() => boolean) => {
      const random = randomNumbers(seed);
      return () => random() < 0.5;
    };
    return { name: `half ${seed} is kept`, begin };
  });
  return [LOSE_ALL, KEEP_ALL, ...between];
}

/** How many pieces of a disk are not synced. */
function countPieces(disk: SimulatedDisk): number {
  let pieces = 0;
  disk.clone().powerLoss(() => {
    pieces += 1;
    return false;
  });
  return pieces;
}

/** Every set of the pieces that are not synced; there must be at most ten of them. */
export function everyLoss(disk: SimulatedDisk): readonly Loss[] {
  const pieces = countPieces(disk);
  if (pieces > 10) throw new RangeError(`${pieces} pieces are too many`);
  return Array.from({ length: 2 ** pieces }, (_, set): Loss => {
    const begin = (): (() => boolean) => {
      let rest = set;
      return () => {
        const kept = rest % 2 === 1;
        rest = Math.floor(rest / 2);
        return kept;
      };
    };
    return { name: `set ${set} of ${pieces} pieces is kept`, begin };
  });
}

/** Nothing, everything, and each single piece kept alone and lost alone. */
export function lossesOfEach(disk: SimulatedDisk): readonly Loss[] {
  const pieces = countPieces(disk);
  const alone = (piece: number, kept: boolean): Loss => {
    const begin = (): (() => boolean) => {
      let asked = 0;
      return () => (asked++ === piece) === kept;
    };
    return { name: `piece ${piece} alone is ${kept ? 'kept' : 'lost'}`, begin };
  };
  const each = Array.from({ length: pieces }, (_, piece) => [alone(piece, true), alone(piece, false)]);
  return [LOSE_ALL, KEEP_ALL, ...each.flat()];
}

/** Makes the names in these directories durable, so that a power loss says nothing about them. */
export function keepNames(disk: SimulatedDisk, ...directories: readonly string[]): void {
  for (const directory of directories) {
    const inode = disk.find(`${ROOT}/${directory}`);
    if (inode?.kind === 'directory') inode.sync();
  }
}

/** Makes all names durable but those in one directory of the log. */
export function keepNamesOutside(disk: SimulatedDisk, directory: string): void {
  const doubted = disk.find(`${ROOT}/${directory}`);
  const keep = (inode: typeof doubted): void => {
    if (inode?.kind !== 'directory') return;
    if (inode !== doubted) inode.sync();
    for (const child of inode.names.values()) keep(child);
  };
  keep(disk.root);
}
