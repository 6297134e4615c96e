import { expect, test } from 'vitest';
import { logFiles } from '../../test/log-files.ts';
import { asHash } from '../bytes/hash-value.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { encodeCtExtensions } from '../static-ct/ct-extensions.ts';
import { DATA_TILES } from '../static-ct/data-tile-codec.ts';
import { dataTilePath } from '../static-ct/data-tile-path.ts';
import { ctLeafHash, encodeTileLeaf, type TileLeaf } from '../static-ct/tile-leaf.ts';
import { expectCodeAsync } from '../testing/expect-code.ts';
import { TreeReader } from './tree-reader.ts';

const SIZE = 300;

function certificate(i: number): TileLeaf {
  const subject =
    i % 3 === 0
      ? ({ kind: 'certificate', certificate: encodeUtf8(`certificate ${i}`) } as const)
      : ({
          kind: 'precertificate',
          issuerKeyHash: asHash(new Uint8Array(32).fill(i % 251)),
          tbsCertificate: encodeUtf8(`to be signed ${i}`),
          precertificate: encodeUtf8(`precertificate ${i}`),
        } as const);
  const chain = [asHash(new Uint8Array(32).fill(1)), asHash(new Uint8Array(32).fill(2))];
  return { timestamp: 1_767_139_200_000 + i, subject, extensions: encodeCtExtensions(i), chain: chain.slice(i % 2) };
}

/** A static-CT log, its leaf `changed` as another one where `stored` says so. */
function ctLog(stored: (leaf: TileLeaf, i: number) => TileLeaf = (leaf) => leaf, size = SIZE) {
  const all = Array.from({ length: size }, (_, i) => certificate(i));
  return logFiles(all.map(ctLeafHash), (start, end) => ({
    path: dataTilePath({ index: start / 256, width: end - start }),
    bytes: concatBytes(...all.slice(start, end).map((leaf, at) => encodeTileLeaf(stored(leaf, start + at)))),
  }));
}

const readerOf = (log: ReturnType<typeof ctLog>, size = SIZE) =>
  new TreeReader((path) => Promise.resolve(log.files.get(path)), log.treeAt(size), DATA_TILES);

test('the entries of a static-CT log, with their proofs', async () => {
  const log = ctLog();
  const reader = readerOf(log);
  let at = 0;
  for await (const { index, entry, leafHash } of reader.entries()) {
    expect(entry).toEqual(certificate(at));
    expect([index, leafHash]).toEqual([at, log.leaves[at]]);
    at += 1;
  }
  expect(at).toBe(SIZE);
  expect((await reader.proveInclusion(299)).proof).toEqual(log.slow.inclusion(299, SIZE));
});

test('CT-10: a data tile that is gone is cut from the full one', async () => {
  const log = ctLog(undefined, 512);
  expect([...log.files.keys()].filter((path) => path.startsWith('tile/data/'))).toEqual([
    'tile/data/000',
    'tile/data/001',
  ]);
  // The right edge of size 300 as it was: its level-1 tile has one hash.
  const level1 = ctLog().files.get('tile/1/000.p/1') ?? new Uint8Array(0);
  const files = new Map(log.files).set('tile/1/000.p/1', level1);
  const reader = readerOf({ ...log, files });
  expect((await reader.bundle(1)).map(({ entry }) => entry)).toEqual(
    Array.from({ length: 44 }, (_, i) => certificate(256 + i)),
  );
});

test.each<[string, (leaf: TileLeaf) => TileLeaf]>([
  ['timestamp', (leaf) => ({ ...leaf, timestamp: leaf.timestamp + 1 })],
  ['extensions', (leaf) => ({ ...leaf, extensions: encodeCtExtensions(9) })],
  ['subject', (leaf) => ({ ...leaf, subject: { kind: 'certificate', certificate: encodeUtf8('another') } })],
])('a changed %s is not the entry of the tree', async (_, change) => {
  const reader = readerOf(ctLog((leaf, i) => (i === 41 ? change(leaf) : leaf)));
  const error = await expectCodeAsync(() => reader.bundle(0), CoreError, 'mismatch');
  expect(error.message).toContain('tile/data/000: entry 41');
});

test('the tree says nothing of the chain', async () => {
  const reader = readerOf(ctLog((leaf, i) => (i === 41 ? { ...leaf, chain: [] } : leaf)));
  expect((await reader.bundle(0))[41]?.entry.chain).toEqual([]);
});

test('a data tile that ends early or late is malformed', async () => {
  const log = ctLog();
  const path = 'tile/data/000';
  const bytes = log.files.get(path) ?? new Uint8Array(0);
  for (const other of [bytes.subarray(0, -1), Uint8Array.of(...bytes, 0)]) {
    const files = new Map(log.files).set(path, other);
    const error = await expectCodeAsync(() => readerOf({ ...log, files }).bundle(0), CoreError, 'malformed');
    expect(error.message).toContain(path);
  }
});
