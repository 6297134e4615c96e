import { expect, test } from 'vitest';
import { entryLog, type LogFiles, logEntry } from '../../test/log-files.ts';
import { asHash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/tree-hash.ts';
import { expectCode, expectCodeAsync } from '../testing/expect-code.ts';
import { encodeEntryBundle } from '../tiles/entry-bundle.ts';
import { ENTRY_BUNDLES } from '../tiles/entry-codec.ts';
import { TreeReader } from './tree-reader.ts';

const LOG = entryLog(600);
const LARGE = entryLog(65_536 + 300);

function readerOf(log: LogFiles, files: ReadonlyMap<string, Uint8Array> = log.files): TreeReader<Uint8Array> {
  return new TreeReader((path) => Promise.resolve(files.get(path)), log.treeAt(log.leaves.length), ENTRY_BUNDLES);
}

async function indexes(reader: TreeReader<Uint8Array>, from?: number, to?: number): Promise<number[]> {
  const read: number[] = [];
  for await (const { index, entry, leafHash } of reader.entries({ from, to, parallel: 2 })) {
    if (!equalBytes(entry, logEntry(index))) expect(entry).toEqual(logEntry(index));
    expect(leafHash.length).toBe(32);
    read.push(index);
  }
  return read;
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

test('every inclusion proof of trees of up to 260 leaves, towards every earlier size too', async () => {
  const log = entryLog(260);
  const reader = readerOf(log);
  for (let size = 1; size <= 260; size += size < 12 || size > 250 ? 1 : 7) {
    for (let index = 0; index < size; index += 1 + (index % 5)) {
      const { proof, leafHash, tree } = await reader.proveInclusion(index, { size });
      expect(proof).toEqual(log.slow.inclusion(index, size));
      expect(leafHash).toEqual(log.leaves[index]);
      expect(tree).toEqual(log.treeAt(size));
    }
  }
});

test.each([1, 2, 255, 256, 257, 600])('a whole log of %i entries, read as one of that size', async (size) => {
  const log = entryLog(size);
  const reader = readerOf(log);
  expect(await indexes(reader)).toEqual(upTo(0, size));
  for (const old of new Set([0, 1, Math.floor(size / 2), size - 1, size])) {
    expect(await reader.treeAt(old)).toEqual(log.treeAt(old));
    expect(await reader.proveConsistency(log.treeAt(old))).toEqual(log.slow.consistency(old, size));
  }
});

test('the empty log has no entries, one tree and no proof', async () => {
  const reader = readerOf(entryLog(0));
  expect(await indexes(reader)).toEqual([]);
  expect(await reader.treeAt(0)).toEqual({ size: 0, root: EMPTY_ROOT });
  await expectCodeAsync(() => reader.proveInclusion(0), CoreError, 'out-of-range');
  const forged = { size: asTreeSize(0), root: asHash(new Uint8Array(32)) };
  const lying = new TreeReader(async () => undefined, forged, ENTRY_BUNDLES);
  await expectCodeAsync(() => lying.proveConsistency(forged), CoreError, 'proof-invalid');
});

test.each([0, 255, 256, 65_279, 65_280, 65_535, 65_536, 65_835])(
  'entry %i of a log of three levels is proven, at sizes around it too',
  async (index) => {
    const reader = readerOf(LARGE);
    for (const size of new Set([index + 1, Math.min(index + 2, 65_836), 65_536, 65_836])) {
      if (size <= index) continue;
      const { proof } = await reader.proveInclusion(index, { size });
      expect(proof).toEqual(LARGE.slow.inclusion(index, size));
    }
    expect(await indexes(reader, index, index + 1)).toEqual([index]);
  },
);

test('consistency between any two sizes of a log of three levels', async () => {
  const reader = readerOf(LARGE);
  const sizes = [0, 1, 255, 256, 257, 65_279, 65_280, 65_535, 65_536, 65_537, 65_792, 65_836];
  for (const size of sizes) {
    for (const old of sizes.filter((smaller) => smaller <= size)) {
      expect(await reader.proveConsistency(LARGE.treeAt(old), { size })).toEqual(LARGE.slow.consistency(old, size));
    }
  }
});

test('a fork, and a tree beyond the signed one, are told', async () => {
  const reader = readerOf(LOG);
  const fork = { size: asTreeSize(300), root: LOG.slow.root(1, 301) };
  await expectCodeAsync(() => reader.proveConsistency(fork), CoreError, 'proof-invalid');
  const later = { size: asTreeSize(601), root: fork.root };
  await expectCodeAsync(() => reader.proveConsistency(later), CoreError, 'out-of-range');
  await expectCodeAsync(() => reader.proveConsistency(fork, { size: 299 }), CoreError, 'out-of-range');
  await expectCodeAsync(() => reader.treeAt(601), CoreError, 'out-of-range');
  await expectCodeAsync(() => reader.proveInclusion(3, { size: 601 }), CoreError, 'out-of-range');
});

test.each([-1, 600, 1.5, Number.NaN])('there is no entry %d', async (index) => {
  await expectCodeAsync(() => readerOf(LOG).proveInclusion(index), CoreError, 'out-of-range');
  await expectCodeAsync(() => indexes(readerOf(LOG), index, 601), CoreError, 'out-of-range');
});

test.each([
  [0, 600],
  [0, 0],
  [255, 257],
  [256, 512],
  [599, 600],
  [600, 600],
])('entries %i to %i arrive in order', async (from, to) => {
  expect(await indexes(readerOf(LOG), from, to)).toEqual(upTo(from, to));
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  '%d bundles at a time are no way to read',
  async (parallel) => {
    await expectCodeAsync(() => readerOf(LOG).entries({ parallel }).next(), CoreError, 'out-of-range');
  },
);

test.each([-1, Number.NaN])('a tree of size %d is none to continue', async (size) => {
  const old = { size: size as ReturnType<typeof asTreeSize>, root: EMPTY_ROOT };
  await expectCodeAsync(() => readerOf(LOG, new Map()).proveConsistency(old), CoreError, 'out-of-range');
});

test('tiles and bundles that the tree does not have are out of range', async () => {
  const reader = readerOf(LOG);
  for (const [level, index] of [
    [0, 3],
    [2, 0],
    [64, 0],
    [0, -1],
  ] as const) {
    await expectCodeAsync(() => reader.tile(level, index), CoreError, 'out-of-range');
  }
  await expectCodeAsync(() => reader.bundle(3), CoreError, 'out-of-range');
  await expectCodeAsync(() => reader.bundle(0.5), CoreError, 'out-of-range');
  const tooLarge = { size: (2 ** 53) as ReturnType<typeof asTreeSize>, root: EMPTY_ROOT };
  expectCode(() => new TreeReader(async () => undefined, tooLarge, ENTRY_BUNDLES), CoreError, 'out-of-range');
});

/** The log as it is once grown: at the right edge of `size` only full objects are there. */
function grown(size: number): LogFiles {
  const log = entryLog(1024);
  return { ...log, leaves: log.leaves.slice(0, size) };
}

test('TT-11 N29: full tiles and bundles stand for partial ones, trimmed and verified', async () => {
  const log = grown(600);
  const files = new Map(log.files);
  const level1 = files.get('tile/1/000.p/4') ?? new Uint8Array(0);
  files.delete('tile/1/000.p/4');
  expect([...files.keys()].filter((path) => path.includes('.p/'))).toEqual([]);
  // 65,536 entries would fill the level-1 tile: of those after the fourth hash nothing is asked here.
  files.set('tile/1/000', Uint8Array.of(...level1, ...new Uint8Array(8192 - level1.length)));
  const reader = readerOf(log, files);
  expect(await indexes(reader)).toEqual(upTo(0, 600));
  expect(await reader.tile(0, 2)).toHaveLength(88);
  expect(await reader.bundle(2)).toHaveLength(88);
});

test('N25: a full tile that differs beyond the part that the tree has is as good; within it is refused', async () => {
  const log = grown(600);
  const changedAt = (path: string, at: number) => {
    const bytes = Uint8Array.from(log.files.get(path) ?? []);
    bytes[at] = 255 - (bytes[at] ?? 0);
    const level1 = LOG.files.get('tile/1/000.p/2') ?? new Uint8Array(0);
    return readerOf(log, new Map([...log.files, ['tile/1/000.p/2', level1], [path, bytes]]));
  };
  expect(await changedAt('tile/0/002', 32 * 88).bundle(2)).toHaveLength(88);
  await expectCodeAsync(() => changedAt('tile/0/002', 32 * 88 - 1).bundle(2), CoreError, 'mismatch');
});

test('N24: a partial tile that is longer or shorter than its path says is malformed', async () => {
  const path = 'tile/0/002.p/88';
  const bytes = LOG.files.get(path) ?? new Uint8Array(0);
  for (const other of [bytes.subarray(32), bytes.subarray(1), Uint8Array.of(...bytes, 0), new Uint8Array(0)]) {
    const reader = readerOf(LOG, new Map(LOG.files).set(path, other));
    const error = await expectCodeAsync(() => reader.bundle(2), CoreError, 'malformed');
    expect(error.message).toContain(path);
  }
});

test('N26 N27 TT-14: a bundle with one entry more, less or other is refused by name', async () => {
  const entries = upTo(0, 256).map(logEntry);
  const path = 'tile/entries/000';
  const other = encodeEntryBundle(entries.with(255, logEntry(254)));
  const encoded = encodeEntryBundle(entries);
  const cases = [
    [other, 'mismatch'],
    [encodeEntryBundle(entries.with(0, new Uint8Array(0))), 'mismatch'],
    [Uint8Array.of(...encoded, 0), 'malformed'],
    [Uint8Array.of(...encoded, 0, 0), 'malformed'],
    [encoded.subarray(0, -1), 'malformed'],
    [encodeEntryBundle(entries.slice(1)), 'malformed'],
  ] as const;
  for (const [bytes, code] of cases) {
    const reader = readerOf(LOG, new Map(LOG.files).set(path, bytes));
    const error = await expectCodeAsync(() => reader.bundle(0), CoreError, code);
    expect(error.message).toContain(path);
    expect(await reader.bundle(1)).toHaveLength(256);
  }
});

test('a missing object is named', async () => {
  for (const path of ['tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/000']) {
    const less = new Map(LOG.files);
    less.delete(path);
    const error = await expectCodeAsync(() => readerOf(LOG, less).bundle(0), CoreError, 'missing');
    expect(error.message).toContain(path);
  }
});
