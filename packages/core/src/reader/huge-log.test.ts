import { describe, expect, test } from 'vitest';
import { hugeLog } from '../../test/huge-log.ts';
import { CoreError } from '../core-error.ts';
import { expectCodeAsync } from '../testing/expect-code.ts';
import { ENTRY_BUNDLES } from '../tiles/entry-codec.ts';
import { TreeReader } from './tree-reader.ts';

const LARGEST = 2 ** 53 - 1;

describe.each([2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 + 77, 2 ** 48, LARGEST - 1, LARGEST])(
  'a log of %d entries',
  (size) => {
    const near = [0, 1, 255, 256, 2 ** 31, size / 2, size - 70_000, size - 257, size - 256, size - 2, size - 1];
    const indexes = near.map((index) => Math.floor(index));
    const log = hugeLog(size, indexes);
    const paths: string[] = [];
    const read = async (path: string) => {
      paths.push(path);
      return log.read(path);
    };
    const reader = new TreeReader(read, log.tree, ENTRY_BUNDLES);

    test('entries are read and proven, towards earlier sizes too', async () => {
      for (const index of indexes) {
        const entries = await reader.bundle(Math.floor(index / 256));
        expect(entries[index % 256]).toMatchObject({ index, entry: log.entryAt(index) });
        for (const at of new Set([index + 1, Math.min(index + 1000, size), size])) {
          const { proof, tree } = await reader.proveInclusion(index, { size: at });
          expect(proof).toEqual(log.slow.inclusion(index, at));
          expect(tree).toEqual(log.treeAt(at));
        }
      }
      expect(paths.length).toBeLessThan(25 * indexes.length);
    });

    test('it continues what it was', async () => {
      for (const old of [0, ...indexes, 2 ** 31 + 1, size]) {
        expect(await reader.proveConsistency(log.treeAt(old))).toEqual(log.slow.consistency(old, size));
      }
      const fork = { ...log.treeAt(size - 1), root: log.treeAt(size - 2).root };
      await expectCodeAsync(() => reader.proveConsistency(fork), CoreError, 'proof-invalid');
    });

    test('its last entries come in order, also where all before them is pruned', async () => {
      const minimumIndex = size - 300;
      const pruned = new TreeReader(read, log.tree, ENTRY_BUNDLES, { minimumIndex });
      const last: number[] = [];
      for await (const { index, entry } of pruned.entries()) {
        expect(entry).toEqual(log.entryAt(index));
        last.push(index);
      }
      expect(last).toEqual(Array.from({ length: 300 }, (_, i) => minimumIndex + i));
      await expectCodeAsync(() => pruned.proveInclusion(minimumIndex - 1), CoreError, 'out-of-range');
    });

    test('one entry of another log is not handed out', async () => {
      const other = hugeLog(size, indexes.slice(1));
      const mixed = new TreeReader(async (path) => other.read(path), log.tree, ENTRY_BUNDLES);
      await expectCodeAsync(() => mixed.bundle(0), CoreError, 'mismatch');
    });
  },
);
