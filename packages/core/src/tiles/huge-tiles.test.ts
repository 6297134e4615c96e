import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalBytes } from '../bytes/sequences.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { consistencyProofRanges, proveConsistency } from '../merkle/consistency-proof.ts';
import { inclusionProofRanges, proveInclusion } from '../merkle/inclusion-proof.ts';
import type { LeafRange } from '../merkle/subtree.ts';
import { uniformTree } from '../testing/uniform-tree.ts';
import { type GetTile, neededTiles, subtreeHasher } from './subtree-tiles.ts';
import { bundlePath, fullPath, parseTilePath, tilePath } from './tile-path.ts';
import { bundlesBetween, tilesBetween, tilesForSize, widthAt } from './tile-range.ts';

const LARGEST = 2 ** 53 - 1;
const scales = [2 ** 16, 2 ** 24, 2 ** 32, 2 ** 40, 2 ** 48, LARGEST];
const size = fc
  .tuple(fc.constantFrom(...scales), fc.integer({ min: -70_000, max: 70_000 }))
  .map(([scale, offset]) => Math.max(0, Math.min(scale + offset, LARGEST)));

/** Width of a tile by the definition, and its path by string operations, in BigInt. */
const exactWidth = (level: bigint, index: bigint, of: bigint): bigint => {
  const left = of / 256n ** level - index * 256n;
  return left < 0n ? 0n : left > 256n ? 256n : left;
};

function exactPath(folder: string, index: bigint, width: bigint): string {
  const digits = index.toString();
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const path = `tile/${folder}/${groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')}`;
  return width === 256n ? path : `${path}.p/${width}`;
}

/** Every tile that is there at `to` and was not, or was narrower, at `from`. Only those at the end can differ. */
function exactGrowth(from: bigint, to: bigint): { folder: string; level: bigint; index: bigint; width: bigint }[] {
  const grown = [];
  for (let level = 0n; to / 256n ** level > 0n; level++) {
    const first = from / 256n ** level / 256n;
    for (let index = first; exactWidth(level, index, to) > 0n; index++) {
      const width = exactWidth(level, index, to);
      if (width !== exactWidth(level, index, from)) grown.push({ folder: level.toString(), level, index, width });
    }
  }
  return grown;
}

test('the tile set of a size, its widths and its paths are what exact arithmetic has', () => {
  fc.assert(
    fc.property(size, (of) => {
      const exact = [];
      for (let level = 0n; BigInt(of) / 256n ** level > 0n; level++) {
        const index = (BigInt(of) / 256n ** level - 1n) / 256n;
        exact.push(exactPath(level.toString(), index, exactWidth(level, index, BigInt(of))));
      }
      const tiles = tilesForSize(of);
      expect(tiles.map((tile) => tilePath(tile))).toEqual(exact);
      for (const { level, index, width } of tiles) {
        expect(widthAt(level, index, of)).toBe(width);
        expect(widthAt(level, index + 1, of)).toBe(0);
        if (index > 0) expect(widthAt(level, index - 1, of)).toBe(256);
      }
    }),
    { numRuns: 500 },
  );
});

test('what a growth writes is what exact arithmetic has, up to the largest tree', () => {
  fc.assert(
    fc.property(size, fc.nat(70_000), (to, back) => {
      const from = Math.max(0, to - back);
      const exact = exactGrowth(BigInt(from), BigInt(to));
      const tiles = tilesBetween(from, to);
      expect(tiles.map((tile) => tilePath(tile))).toEqual(
        exact.map(({ folder, index, width }) => exactPath(folder, index, width)),
      );
      const bundles = exact.filter(({ level }) => level === 0n);
      expect(bundlesBetween(from, to).map((bundle) => bundlePath(bundle))).toEqual(
        bundles.map(({ index, width }) => exactPath('entries', index, width)),
      );
      for (const tile of tiles) {
        expect(parseTilePath(tilePath(tile))).toEqual({ kind: 'hash', tile });
        expect(fullPath(tilePath(tile))).toBe(exactPath(String(tile.level), BigInt(tile.index), 256n));
      }
    }),
    { numRuns: 60 },
  );
});

test('proofs in huge trees come from the tiles that are named for them, and no others', () => {
  const marked = fc.tuple(size, fc.maxSafeNat(), fc.maxSafeNat());
  fc.assert(
    fc.property(marked, ([of, a, b]) => {
      if (of === 0) return;
      const [index, old] = [a % of, b % of];
      const slow = uniformTree(leafHash(Uint8Array.of(0)), new Map([[index, leafHash(Uint8Array.of(1))]]));
      const tilesOf = (ranges: readonly LeafRange[]): GetTile => {
        const named = new Map(neededTiles(ranges, of).map((tile) => [`${tile.level}/${tile.index}`, tile.width]));
        return (level, at) => {
          const width = named.get(`${level}/${at}`) ?? 0;
          expect(BigInt(width)).toBe(exactWidth(BigInt(level), BigInt(at), BigInt(of)));
          const span = 256 ** level;
          return Array.from({ length: width }, (_, i) => slow.root((at * 256 + i) * span, (at * 256 + i + 1) * span));
        };
      };
      const included = proveInclusion(index, of, subtreeHasher(of, tilesOf(inclusionProofRanges(index, of))));
      expect(included).toEqual(slow.inclusion(index, of));
      const consistent = proveConsistency(old, of, subtreeHasher(of, tilesOf(consistencyProofRanges(old, of))));
      expect(consistent).toEqual(slow.consistency(old, of));
      const whole = subtreeHasher(of, tilesOf([{ start: 0, end: of }]));
      expect(equalBytes(whole(0, of), slow.root(0, of))).toBe(true);
    }),
  );
});
