import type { TileSource } from '@tilewright/client';
import { CoreError } from '@tilewright/core/error';
import { encodeEntryBundle, type TilePath } from '@tilewright/core/tiles';
import { expect, test } from 'vitest';
import { type BuiltLog, builtEntry, builtLog, filesSource } from '../testing/built-log.ts';
import { freshKey, memoryDestination, migrate } from '../testing/memory-destination.ts';

const key = freshKey();
const log: BuiltLog = await builtLog(key, 1000);

function changed(path: string, change: (bytes: Uint8Array) => Uint8Array | undefined): TileSource {
  const files = new Map(log.files);
  const bytes = change(files.get(path) ?? new Uint8Array(0));
  if (bytes === undefined) files.delete(path);
  else files.set(path, bytes);
  return filesSource(files);
}

const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
const gone = (): undefined => undefined;
const bundle = (from: number, to: number): Uint8Array =>
  encodeEntryBundle(Array.from({ length: to - from }, (_, i) => builtEntry(from + i)));
const otherKey = await builtLog(freshKey(), 1000);
const otherOrigin = await builtLog(freshKey('other.test'), 1000);
const fewer = await builtLog(key, 999);

const cases: readonly (readonly [string, TileSource, string, string])[] = [
  ['a bundle with other bytes', changed('tile/entries/002', flipped), 'inconsistent', 'tile/entries/002: entry 0'],
  ['a bundle of other entries', changed('tile/entries/002', () => bundle(0, 256)), 'inconsistent', 'tile/entries/002'],
  ['a bundle that is too short', changed('tile/entries/001', () => bundle(256, 511)), 'malformed', 'tile/entries/001'],
  [
    'a bundle that is too long',
    changed('tile/entries/001', (bytes) => new Uint8Array(bytes.length + 1)),
    'malformed',
    'tile/entries/001',
  ],
  ['an empty bundle', changed('tile/entries/000', () => new Uint8Array(0)), 'malformed', 'tile/entries/000'],
  ['a bundle that is gone', changed('tile/entries/001', gone), 'missing', 'tile/entries/001 is missing'],
  [
    'a partial bundle that is gone',
    changed('tile/entries/003.p/232', gone),
    'missing',
    'tile/entries/003.p/232 is missing',
  ],
  [
    'a partial bundle of another width',
    changed('tile/entries/003.p/232', () => bundle(768, 999)),
    'malformed',
    '003.p/232',
  ],
  ['a tile with another hash', changed('tile/0/001', flipped), 'inconsistent', 'tile/0/001'],
  ['a tile of the right edge with another hash', changed('tile/1/000.p/3', flipped), 'inconsistent', 'tile/1/000.p/3'],
  ['a tile that is gone', changed('tile/1/000.p/3', gone), 'missing', 'tile/1/000.p/3 is missing'],
  ['a checkpoint that is gone', changed('checkpoint', gone), 'missing', 'has no checkpoint'],
  ['a checkpoint that is none', changed('checkpoint', () => bundle(0, 1)), 'malformed', 'checkpoint'],
  ['a checkpoint with another root', changed('checkpoint', (bytes) => bytes.with(20, 65)), 'untrusted', 'checkpoint'],
  ['a checkpoint of another key', otherKey.source, 'untrusted', 'checkpoint'],
  ['a checkpoint of another origin', otherOrigin.source, 'untrusted', 'checkpoint'],
  [
    'an older checkpoint over newer tiles',
    changed('checkpoint', () => fewer.files.get('checkpoint') ?? bundle(0, 1)),
    'missing',
    '.p/231 is missing',
  ],
];

test.each(cases)(
  '%s ends the migration and is named; nothing is published, and the whole source is taken up',
  async (_, source, code, message) => {
    const destination = memoryDestination();
    const failed = migrate(key, { source }, destination, { stepBytes: 1000 });
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(destination.state.checkpoint).toBeUndefined();
    expect(destination.state.signed.size).toBe(0);
    const { before } = await migrate(key, log, destination, { stepBytes: 1000 });
    expect(before).toBeLessThan(1000);
    expect(destination.state.checkpoint?.note).toEqual(log.files.get('checkpoint'));
  },
);

test('whatever byte of whatever object is wrong, no other entry arrives', async () => {
  const small = await builtLog(key, 300);
  for (const [path, bytes] of small.files) {
    for (const at of [0, 1, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const files = new Map(small.files).set(
        path,
        bytes.map((byte, i) => (i === at ? byte ^ 4 : byte)),
      );
      const destination = memoryDestination();
      const failed = await migrate(key, { source: filesSource(files) }, destination).catch((error: unknown) => error);
      expect([path, at, failed]).toEqual([path, at, expect.objectContaining({ name: 'ClientError' })]);
      expect([destination.state.checkpoint, destination.state.signed.size]).toEqual([undefined, 0]);
      await migrate(key, small, destination);
      expect(destination.state.tree).toEqual(small.edge.tree);
    }
  }
});

test('no more bundles are fetched at a time than asked for, and memory does not grow with the log', async () => {
  const big = await builtLog(key, 256 * 60);
  let [now, most] = [0, 0];
  const source: TileSource = {
    label: 'counting',
    async read(path: string) {
      const counts = path.startsWith('tile/entries/');
      if (counts) most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (counts) now--;
      return big.files.get(path as TilePath);
    },
  };
  const destination = memoryDestination();
  let held = 0;
  await migrate(key, { source }, destination, {
    parallel: 3,
    stepBytes: 10_000,
    progress: () => {
      held = Math.max(held, destination.state.batches.length);
    },
  });
  expect([most, held]).toEqual([3, 0]);
});

test("an error that is nobody else's passes through", async () => {
  const source: TileSource = { label: 'odd', read: () => Promise.reject(new CoreError('missing', 'odd')) };
  await expect(migrate(key, { source }, memoryDestination())).rejects.toThrow('odd');
});
