import { expect, test } from 'vitest';
import { entryLog } from '../../test/log-files.ts';
import { CoreError } from '../core-error.ts';
import { expectCode, expectCodeAsync } from '../testing/expect-code.ts';
import { ENTRY_BUNDLES } from '../tiles/entry-codec.ts';
import { parseTilePath } from '../tiles/tile-path.ts';
import { mayBePruned } from './minimum-index.ts';
import { TreeReader } from './tree-reader.ts';

const SIZE = 65_536 + 600;
const log = entryLog(SIZE);

/** The log after it pruned all that it may. */
function prunedReader(minimumIndex: number, size = SIZE): TreeReader<Uint8Array> {
  const kept = new Map(
    [...log.files].filter(([path]) => {
      const parts = parseTilePath(path);
      return !mayBePruned(parts.kind === 'hash' ? parts.tile : parts.bundle, minimumIndex);
    }),
  );
  const read = (path: string) => Promise.resolve(kept.get(path));
  return new TreeReader(read, log.treeAt(size), ENTRY_BUNDLES, { minimumIndex });
}

test('TT-17: a full tile or bundle may be absent when its end is at or below the minimum index', () => {
  const full = { index: 2, width: 256 };
  expect([767, 768, 769].map((minimum) => mayBePruned(full, minimum))).toEqual([false, true, true]);
  expect([767, 768].map((minimum) => mayBePruned({ level: 0, ...full }, minimum))).toEqual([false, true]);
  const above = { level: 1, index: 0, width: 256 };
  expect([65_535, 65_536].map((minimum) => mayBePruned(above, minimum))).toEqual([false, true]);
  expect(mayBePruned({ index: 2, width: 255 }, 10_000)).toBe(false);
  expect(mayBePruned({ level: 63, index: 2 ** 53 - 1, width: 256 }, 2 ** 53 - 1)).toBe(false);
});

const MINIMA = [0, 1, 255, 256, 257, 300, 512, 65_280, 65_535, 65_536, 65_537, 65_792, SIZE - 1, SIZE];

test.each(MINIMA)('with minimum index %i all that stays is read and proven', async (minimum) => {
  const reader = prunedReader(minimum);
  const last = Math.min(minimum + 600, SIZE);
  const read: number[] = [];
  for await (const { index } of reader.entries({ to: last })) read.push(index);
  expect(read).toEqual(Array.from({ length: last - minimum }, (_, i) => minimum + i));
  const near = [minimum, minimum + 1, minimum + 255, minimum + 256, 65_535, 65_536, SIZE - 1];
  const indexes = near.filter((index) => index >= minimum && index < SIZE);
  for (const index of indexes) {
    for (const size of [index + 1, Math.max(index + 1, 65_792), SIZE]) {
      const { proof } = await reader.proveInclusion(index, { size });
      expect(proof).toEqual(log.slow.inclusion(index, size));
    }
  }
  for (const old of [...indexes, SIZE]) {
    expect(await reader.treeAt(old)).toEqual(log.treeAt(old));
    for (const size of [old, Math.max(old, 65_792), SIZE]) {
      const proof = await reader.proveConsistency(log.treeAt(old), { size });
      expect(proof).toEqual(log.slow.consistency(old, size));
    }
  }
});

test.each([1, 256, 300, 512, 65_537])(
  'below minimum index %i entries are refused, also those that are there',
  async (minimum) => {
    const reader = prunedReader(minimum);
    await expectCodeAsync(() => reader.proveInclusion(minimum - 1), CoreError, 'out-of-range');
    await expectCodeAsync(() => reader.proveInclusion(0), CoreError, 'out-of-range');
    await expectCodeAsync(() => reader.entries({ from: minimum - 1 }).next(), CoreError, 'out-of-range');
    if (minimum < 256) return;
    const error = await expectCodeAsync(() => reader.bundle(0), CoreError, 'out-of-range');
    expect(error.message).toContain(`below the minimum index ${minimum}`);
  },
);

test('the bundle that the minimum index lies in is whole', async () => {
  expect(await prunedReader(300).bundle(1)).toHaveLength(256);
});

test('trees below the minimum index are proven, or their tile is missing and the error says why', async () => {
  const reader = prunedReader(65_700);
  for (let old = 1; old < 65_700; old += 997) {
    let proof: unknown;
    try {
      proof = await reader.proveConsistency(log.treeAt(old));
    } catch (error) {
      expect(error).toMatchObject({ name: 'CoreError', code: 'missing' });
      expect((error as Error).message).toContain('below the minimum index 65700');
      continue;
    }
    expect(proof).toEqual(log.slow.consistency(old, SIZE));
  }
  // Whole level-2 hashes stay, whatever was pruned below them.
  expect(await reader.proveConsistency(log.treeAt(65_536))).toEqual(log.slow.consistency(65_536, SIZE));
});

test('what the minimum index does not excuse is missing without an excuse', async () => {
  const read = async (path: string) => (path === 'tile/0/001' ? undefined : log.files.get(path));
  const reader = new TreeReader(read, log.treeAt(SIZE), ENTRY_BUNDLES, { minimumIndex: 511 });
  const error = await expectCodeAsync(() => reader.proveInclusion(511), CoreError, 'missing');
  expect(error.message).toBe('tile/0/001 is missing');
});

test.each([-1, 0.5, SIZE + 1, Number.NaN])('%d is not the minimum index of this log', (minimum) => {
  expectCode(() => prunedReader(minimum), CoreError, 'out-of-range');
});
