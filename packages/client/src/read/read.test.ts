import { asTreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { expectCodeAsync, naiveConsistency, naiveInclusion, naiveRoot } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { ClientError } from '../client-error.ts';
import { memorySource, sampleEntry, sampleKey, sampleLog } from '../testing/sample-log.ts';
import { proveConsistencyFromSource, proveInclusionFromSource } from './prove.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import { readEntries } from './read-entries.ts';
import { TreeReader } from './tree-reader.ts';

const KEY = sampleKey('log.example.com');
const LOG = await sampleLog(KEY, 600);
const LARGE = await sampleLog(KEY, 65_536 + 300);

test('every inclusion proof is the one of the slow algorithm', async () => {
  for (const size of [1, 2, 3, 255, 256, 257]) {
    const log = await sampleLog(KEY, size);
    for (let index = 0; index < size; index += size < 10 ? 1 : 17) {
      const { proof, leafHash } = await proveInclusionFromSource(log.source, log.checkpoint, index);
      expect(proof).toEqual(naiveInclusion(log.leaves, index));
      expect(leafHash).toEqual(log.leaves[index]);
    }
  }
});

test.each([0, 255, 256, 65_535, 65_536, 65_835])('entry %i of a log of three levels is proven', async (index) => {
  const { proof, leafHash } = await proveInclusionFromSource(LARGE.source, LARGE.checkpoint, index);
  verifyInclusion(leafHash, index, LARGE.checkpoint, proof);
  expect(leafHash).toEqual(LARGE.leaves[index]);
});

test.each([0, 1, 2, 255, 256, 257, 511, 512, 599, 600])('consistency from size %i', async (size) => {
  const root = size === 0 ? EMPTY_ROOT : naiveRoot(LOG.leaves.slice(0, size));
  const old = { size: asTreeSize(size), root };
  const proof = await proveConsistencyFromSource(LOG.source, old, LOG.checkpoint);
  expect(proof).toEqual(naiveConsistency(LOG.leaves, size));
});

test('a fork is inconsistent', async () => {
  const old = { size: asTreeSize(300), root: naiveRoot(LOG.leaves.slice(1, 301)) };
  await expectCodeAsync(() => proveConsistencyFromSource(LOG.source, old, LOG.checkpoint), ClientError, 'inconsistent');
  const later = { size: asTreeSize(601), root: old.root };
  await expectCodeAsync(
    () => proveConsistencyFromSource(LOG.source, later, LOG.checkpoint),
    ClientError,
    'out-of-range',
  );
});

test.each([-1, 600, 1.5, Number.NaN])('there is no entry %d', async (index) => {
  await expectCodeAsync(() => proveInclusionFromSource(LOG.source, LOG.checkpoint, index), ClientError, 'out-of-range');
});

test.each([
  [0, 600],
  [0, 0],
  [255, 257],
  [256, 512],
  [599, 600],
  [600, 600],
])('entries %i to %i arrive in order', async (from, to) => {
  const read: number[] = [];
  for await (const { index, data, leafHash } of readEntries(LOG.source, LOG.checkpoint, { from, to, parallel: 2 })) {
    expect(data).toEqual(sampleEntry(index));
    expect(leafHash).toEqual(LOG.leaves[index]);
    read.push(index);
  }
  expect(read).toEqual(Array.from({ length: to - from }, (_, i) => from + i));
});

test('entries outside the tree are refused', async () => {
  const all = async (from: number, to: number) => {
    for await (const entry of readEntries(LOG.source, LOG.checkpoint, { from, to })) expect(entry).toBeUndefined();
  };
  await expectCodeAsync(() => all(0, 601), ClientError, 'out-of-range');
  await expectCodeAsync(() => all(5, 4), ClientError, 'out-of-range');
});

test.each(['tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/000'])(
  'changed bytes in %s are never handed out',
  async (path) => {
    const bytes = Uint8Array.from(LOG.files.get(path) ?? []);
    bytes[40] = (bytes[40] ?? 0) + 1;
    const source = memorySource(new Map(LOG.files).set(path, bytes));
    const reader = new TreeReader(source, LOG.checkpoint);
    const error = await expectCodeAsync(() => reader.bundle(0), ClientError, 'inconsistent');
    expect(error.message).toContain(path);
    // The other bundles are still readable when only theirs is broken.
    if (!path.includes('.p/')) expect(await reader.bundle(1)).toHaveLength(256);
  },
);

test('a tile is fetched once, by readers in parallel too, and again after a failure', async () => {
  const reads = new Map<string, number>();
  let failing = true;
  const source = {
    label: 'counting',
    read: async (path: string) => {
      reads.set(path, (reads.get(path) ?? 0) + 1);
      if (failing && path === 'tile/0/000') throw new ClientError('network', 'cut off');
      return LOG.files.get(path);
    },
  };
  const reader = new TreeReader(source, LOG.checkpoint);
  await expectCodeAsync(() => reader.tile(0, 0), ClientError, 'network');
  failing = false;
  await Promise.all([reader.tile(0, 0), reader.tile(0, 0), reader.tile(0, 1), reader.tile(1, 0)]);
  expect([reads.get('tile/0/000'), reads.get('tile/0/001'), reads.get('tile/1/000.p/2')]).toEqual([2, 1, 1]);
});

test('a tile that the tree does not have is out of range', async () => {
  const reader = new TreeReader(LOG.source, LOG.checkpoint);
  await expectCodeAsync(() => reader.tile(0, 3), ClientError, 'out-of-range');
  await expectCodeAsync(() => reader.tile(2, 0), ClientError, 'out-of-range');
});

test('a checkpoint is opened with the key of the log only', async () => {
  expect((await readCheckpoint(LOG.source, KEY.verifier)).root).toEqual(LOG.checkpoint.root);
  const { verifier } = sampleKey('log.example.com');
  await expectCodeAsync(() => readCheckpoint(LOG.source, verifier), ClientError, 'untrusted');
  await expectCodeAsync(() => readCheckpoint(LOG.source, sampleKey('other').verifier), ClientError, 'untrusted');
  await expectCodeAsync(() => readCheckpoint(memorySource(new Map()), KEY.verifier), ClientError, 'missing');
  const garbage = memorySource(new Map([['checkpoint', new Uint8Array([1, 2])]]));
  await expectCodeAsync(() => readCheckpoint(garbage, KEY.verifier), ClientError, 'malformed');
});
