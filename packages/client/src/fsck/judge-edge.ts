import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { subtreeHashFromTiles } from '@tilewright/core/tiles';
import { completeHashes, differences, type MaybeHash, type Verdict } from './judge-tile.ts';

/** The partial tile at the right edge of one level, as computed from below and as stored. */
export interface EdgeTile {
  readonly level: number;
  readonly derived: readonly MaybeHash[];
  /** Undefined when it is unreadable, which the caller has reported. */
  readonly stored: readonly Hash[] | undefined;
}

/** Verdicts on the right edge, by position in the input, and whether they lead to the signed root. */
export interface EdgeVerdict {
  readonly verdicts: readonly Verdict[];
  readonly leadsToRoot: boolean;
}

/**
 * Decides between the copies of the partial tiles at the right edge. No tile above vouches for those, but together they
 * make the signed root: so the combination of copies that leads to it is right. There are at most seven levels.
 */
export function judgeEdge(edge: readonly EdgeTile[], tree: Tree): EdgeVerdict {
  const copies = edge.map(({ derived, stored }) => {
    const complete = completeHashes(derived);
    const agree = complete !== undefined && stored !== undefined && differences(complete, stored).length === 0;
    return [complete, agree ? undefined : stored].filter((copy) => copy !== undefined);
  });
  for (const choice of combinations(copies)) {
    if (!equalBytes(rootOf(edge, choice, tree.size), tree.root)) continue;
    const verdicts = edge.map(({ derived, stored }, i): Verdict => {
      const hashes = choice[i] ?? [];
      const tileIsWrong = stored !== undefined && differences(stored, hashes).length > 0;
      return { hashes, tileIsWrong, wrongBelow: differences(derived, hashes) };
    });
    return { verdicts, leadsToRoot: true };
  }
  const verdicts = edge.map(({ derived, stored }): Verdict => {
    const wrongBelow = stored === undefined ? [] : differences(derived, stored);
    return { hashes: derived, tileIsWrong: wrongBelow.length > 0, wrongBelow };
  });
  return { verdicts, leadsToRoot: false };
}

function rootOf(edge: readonly EdgeTile[], choice: readonly (readonly Hash[])[], size: number): Hash {
  const byLevel = new Map(edge.map(({ level }, i) => [level, choice[i] ?? []]));
  return size === 0 ? EMPTY_ROOT : subtreeHashFromTiles(0, size, size, (level) => byLevel.get(level) ?? []);
}

function* combinations<T>(choices: readonly (readonly T[])[]): Generator<readonly T[]> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const item of first) {
    for (const tail of combinations(rest)) yield [item, ...tail];
  }
}
