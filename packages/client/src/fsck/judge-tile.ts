import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { tileRoot } from '@tilewright/core/tiles';

/** A hash, or `undefined` where damage below left nothing to compute it from. */
export type MaybeHash = Hash | undefined;

/** What a tile should hold, and who is to blame where its copies differ. */
export interface Verdict {
  readonly hashes: readonly MaybeHash[];
  /** The stored tile differs from what is right. */
  readonly tileIsWrong: boolean;
  /** Positions whose hashes, computed from below, differ from what is right. */
  readonly wrongBelow: readonly number[];
}

/**
 * Decides between a full tile's hashes as computed from below and as stored, by the hash of the whole tile that the
 * level above holds. Two of three agree when one file is damaged; when all differ, both copies are blamed.
 *
 * @param derived 256 hashes from the entries or tiles below, with gaps where those are unreadable
 * @param stored the tile's hashes; undefined when it is unreadable, which the caller has reported
 * @param above the hash that the tile above holds for this one; undefined when that is unreadable
 */
export function judgeFullTile(
  derived: readonly MaybeHash[],
  stored: readonly Hash[] | undefined,
  above: MaybeHash,
): Verdict {
  if (stored === undefined) return { hashes: derived, tileIsWrong: false, wrongBelow: [] };
  const wrongBelow = differences(derived, stored);
  if (wrongBelow.length === 0) return { hashes: stored, tileIsWrong: false, wrongBelow };
  if (above !== undefined && equalBytes(tileRoot(stored), above))
    return { hashes: stored, tileIsWrong: false, wrongBelow };
  const complete = completeHashes(derived);
  const belowIsRight = above !== undefined && complete !== undefined && equalBytes(tileRoot(complete), above);
  return { hashes: derived, tileIsWrong: true, wrongBelow: belowIsRight ? [] : wrongBelow };
}

/** Positions at which a computed hash is known and differs from the stored one. */
export function differences(derived: readonly MaybeHash[], stored: readonly Hash[]): number[] {
  const positions: number[] = [];
  for (const [i, hash] of stored.entries()) {
    const other = derived[i];
    if (other !== undefined && !equalBytes(other, hash)) positions.push(i);
  }
  return positions;
}

/** The hashes when there is no gap among them. */
export function completeHashes(hashes: readonly MaybeHash[]): readonly Hash[] | undefined {
  const complete = hashes.filter((hash) => hash !== undefined);
  return complete.length === hashes.length ? complete : undefined;
}
