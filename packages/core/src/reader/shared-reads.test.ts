import { expect, test } from 'vitest';
import { entryLog } from '../../test/log-files.ts';
import { ENTRY_BUNDLES } from '../tiles/entry-codec.ts';
import { SharedReads } from './shared-reads.ts';
import { TreeReader } from './tree-reader.ts';

const LOG = entryLog(600);
const tree = LOG.treeAt(600);

test('a tile is fetched once, by readers in parallel too, and again after a failure', async () => {
  const reads = new Map<string, number>();
  let failing = true;
  const read = async (path: string) => {
    reads.set(path, (reads.get(path) ?? 0) + 1);
    if (failing && path === 'tile/0/000') throw new RangeError('cut off');
    return LOG.files.get(path);
  };
  const reader = new TreeReader(read, tree, ENTRY_BUNDLES);
  // What the port throws comes as it is.
  await expect(reader.tile(0, 0)).rejects.toThrow(new RangeError('cut off'));
  failing = false;
  await Promise.all([reader.tile(0, 0), reader.tile(0, 0), reader.tile(0, 1), reader.tile(1, 0)]);
  expect([reads.get('tile/0/000'), reads.get('tile/0/001'), reads.get('tile/1/000.p/2')]).toEqual([2, 1, 1]);
});

test('who gives up ends nobody else’s read', async () => {
  const leaving = new AbortController();
  const signals: (AbortSignal | undefined)[] = [];
  const read = (path: string, signal?: AbortSignal) =>
    new Promise<Uint8Array | undefined>((resolve, reject) => {
      signals.push(signal);
      signal?.addEventListener('abort', () => reject(signal.reason));
      setImmediate(() => resolve(LOG.files.get(path)));
    });
  const reader = new TreeReader(read, tree, ENTRY_BUNDLES);
  const left = reader.bundle(0, leaving.signal);
  const stays = [reader.bundle(0), reader.bundle(0, new AbortController().signal), reader.bundle(1)];
  leaving.abort(new RangeError('no longer wanted'));
  await expect(left).rejects.toThrow('no longer wanted');
  expect((await Promise.all(stays)).map((entries) => entries.length)).toEqual([256, 256, 256]);
  expect(signals).toContain(leaving.signal);
});

test('the results used last are kept, and no more than the limit', async () => {
  const started: string[] = [];
  const reads = new SharedReads<string>(2);
  const get = (key: string) => reads.get(key, undefined, async () => `${key}${started.push(key)}`);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b', 'c']) await get(key);
  // b went when c came, since a was used after it; then c when b came again, and a when c did.
  expect(started).toEqual(['a', 'b', 'c', 'b', 'c']);
  expect(await get('b')).toBe('b4');
});
