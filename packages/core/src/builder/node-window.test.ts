import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeHex } from '../bytes/hex.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { CoreError } from '../core-error.ts';
import { sha256 } from '../hash/tree-hash.ts';
import { expectCode } from '../testing/expect-code.ts';
import { emptyWindow, type NodeWindow, nodeAt, nodesView, windowOf, withRoom } from './node-window.ts';

/** Node number `i` of one of many successors. */
const node = (i: number, successor = 0) => sha256(Uint8Array.of(i % 256, Math.floor(i / 256), successor));

/** `window` with the next `count` nodes of one of its possible successors. */
function grown(window: NodeWindow, count: number, keep: number, successor = 0): NodeWindow {
  const roomy = withRoom(window, count, keep);
  const from = (roomy.count - roomy.base) * 32;
  for (let i = 0; i < count; i++) roomy.bytes.set(node(roomy.count + i, successor), from + 32 * i);
  return { base: roomy.base, count: roomy.count + count, bytes: roomy.bytes };
}

function expectNodes(window: NodeWindow, successorFrom = Number.POSITIVE_INFINITY, successor = 0): void {
  for (let i = window.base; i < window.count; i++) {
    const expected = node(i, i < successorFrom ? 0 : successor);
    if (encodeHex(nodeAt(window, i)) !== encodeHex(expected)) expect({ node: i, of: window }).toBeUndefined();
  }
}

test('any growth keeps the nodes that must be kept, and room is bounded by what is kept', () => {
  const step = fc.record({ count: fc.nat(700), behind: fc.nat(900) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let window = emptyWindow(0);
      let keep = 0;
      for (const { count, behind } of steps) {
        keep = Math.max(keep, window.count - behind);
        window = grown(window, count, keep);
        expect(window.base).toBeLessThanOrEqual(keep);
        expectNodes(window);
        expect(window.bytes.length / 32).toBeLessThanOrEqual(Math.max(512, 2 * (window.count - window.base + 900)));
      }
    }),
    { numRuns: 60 },
  );
});

test('a successor that is thrown away changes nothing that its predecessor or the next successor shows', () => {
  fc.assert(
    fc.property(fc.nat(600), fc.nat(600), fc.nat(600), fc.nat(1200), (first, discarded, kept, keep) => {
      const window = grown(emptyWindow(0), first, 0);
      const one = grown(window, discarded, keep, 1);
      expectNodes(one, first, 1);
      const two = grown(window, kept, keep);
      expectNodes(window);
      expectNodes(two);
    }),
    { numRuns: 60 },
  );
});

test('a window over bytes begins where it is told, and its owner may go on from it', () => {
  const bytes = concatBytes(...Array.from({ length: 44 }, (_, i) => node(256 + i)));
  const window = windowOf(256, bytes);
  expect([window.base, window.count]).toEqual([256, 300]);
  const next = grown(window, 100, 300);
  expectNodes(next);
  expect(next.base).toBe(300);
  expectNodes(window);
});

test('nodes outside the window are refused, also those that the buffer has', () => {
  const window = grown(emptyWindow(0), 300, 0);
  const later = grown(grown(window, 400, 300), 100, 600);
  expectCode(() => nodeAt(window, 300), CoreError, 'out-of-range');
  expectCode(() => nodesView(window, 299, 301), CoreError, 'out-of-range');
  expectCode(() => nodeAt(later, later.base - 1), CoreError, 'out-of-range');
  expect(nodesView(window, 300, 300)).toHaveLength(0);
});

test('one node is a copy, a run of nodes is a view', () => {
  const window = grown(emptyWindow(0), 2, 0);
  const copy = nodeAt(window, 1);
  expect(nodesView(window, 0, 2).buffer).toBe(window.bytes.buffer);
  window.bytes.fill(0);
  expect(copy).toEqual(node(1));
});
