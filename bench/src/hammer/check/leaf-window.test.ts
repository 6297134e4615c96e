import { EMPTY_ROOT } from '@tilewright/core/hash';
import { CompactRange } from '@tilewright/core/merkle';
import { naiveRoot, recordLeaves } from '@tilewright/core/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeafWindow } from './leaf-window.ts';

const LEAVES = recordLeaves(1_200);

test('the window has the root at each size and the leaf at each index, from where it begins', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.nat(300), steps, fc.nat(1_199), (start, counts, place) => {
      const window = new LeafWindow(CompactRange.empty().extend(LEAVES.slice(0, start)));
      for (const count of counts) window.append(LEAVES.slice(window.size, window.size + count));
      const isThere = place >= window.start && place < window.size;
      expect(window.leafAt(place)).toEqual(isThere ? LEAVES[place] : undefined);
      expect(window.find(LEAVES[place] ?? EMPTY_ROOT)).toBe(isThere ? place : undefined);
      const isSize = isThere || place === window.size;
      expect(window.rootAt(place)).toEqual(isSize ? naiveRoot(LEAVES.slice(0, place)) : undefined);
    }),
    { numRuns: 60 },
  );
});
