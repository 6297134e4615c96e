import { emptyRightEdge, integrate } from '@tilewright/core/builder';
import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { signNote } from '@tilewright/core/note';
import { type TilePath, tilesForSize } from '@tilewright/core/tiles';
import { expect, test } from 'vitest';
import { ClientError } from '../client-error.ts';
import type { SourcePath, TileSource } from '../source/tile-source.ts';
import { memorySource, type SampleLog, sampleKey, sampleLog } from '../testing/sample-log.ts';
import { compareMirrors } from './compare-mirrors.ts';
import { pathOf, placeAt, placesIn } from './object-places.ts';

const key = sampleKey('log.test');
const { verifier } = key;
const log: SampleLog = await sampleLog(key, 700);

function copyOf({ files }: SampleLog): Map<string, Uint8Array> {
  return new Map([...files].map(([path, bytes]) => [path, bytes.slice()]));
}

function flip(files: Map<string, Uint8Array>, path: string, at: number): TileSource {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`there is no ${path}`);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return memorySource(files);
}

test.each([0, 1, 255, 256, 257, 700, 65_536, 65_537])(
  'a tree of size %i has each of its objects once',
  async (size) => {
    const paths = Array.from({ length: placesIn(size) }, (_, i) => placeAt(size, i)).map((place) =>
      pathOf(place, place.width),
    );
    const { files } = await sampleLog(key, size);
    expect(paths.toSorted()).toEqual([...files.keys()].filter((path) => path !== 'checkpoint').sort());
    expect(() => placeAt(size, placesIn(size))).toThrow('no object');
  },
);

test('equal copies are equal, of equal size or not, with or without their partials', async () => {
  const same = await compareMirrors(log.source, memorySource(copyOf(log)), verifier);
  expect(same).toMatchObject({ equal: true, size: 700, compared: { entries: 700, bundles: 3, tiles: 4 } });
  const sizes = [0, 1, 200, 256, 699, 700, 701, 768, 1000];
  for (const size of sizes) {
    const other = await sampleLog(key, size);
    for (const [a, b] of [
      [log, other],
      [other, log],
    ] as const) {
      const smaller = Math.min(size, 700);
      const report = await compareMirrors(a.source, b.source, verifier);
      expect(report).toMatchObject({ equal: true, size: smaller, compared: { entries: smaller } });
      expect(report.difference).toBeUndefined();
    }
  }
});

test('whatever byte of whatever object differs, the first of them is named, and whose it is', async () => {
  for (let i = 0; i < placesIn(700); i++) {
    const place = placeAt(700, i);
    const path = pathOf(place, place.width);
    const length = log.files.get(path)?.length ?? 0;
    for (const at of [0, Math.floor(length / 2), length - 1]) {
      const damaged = flip(copyOf(log), path, at);
      for (const [a, b, wrong] of [
        [log.source, damaged, 'b'],
        [damaged, log.source, 'a'],
      ] as const) {
        const { equal, difference } = await compareMirrors(a, b, verifier);
        expect([equal, difference]).toMatchObject([false, { path, wrong }]);
        // A length that does not fit makes a bundle unreadable as a whole.
        if (difference?.offset !== undefined)
          expect(difference).toMatchObject({ offset: at, sizes: { a: length, b: length } });
        else expect(difference?.what).toContain(path);
      }
    }
  }
});

test('of a larger copy that is damaged the object is named too, though the growth cannot be proved', async () => {
  const larger = await sampleLog(key, 1000);
  const damaged = flip(copyOf(larger), 'tile/0/001', 40);
  const { difference } = await compareMirrors(log.source, damaged, verifier);
  expect(difference).toMatchObject({ path: 'tile/0/001', offset: 40, wrong: 'b' });
  const beyond = flip(copyOf(larger), 'tile/0/003.p/232', 40);
  const other = await compareMirrors(beyond, log.source, verifier);
  expect(other).toMatchObject({
    equal: false,
    compared: { entries: 700 },
    difference: { path: 'checkpoint', wrong: 'a', what: expect.stringContaining('tile/0/003.p/232') },
  });
});

test('an object that is gone, too short or too long', async () => {
  const cases: [string, (bytes: Uint8Array) => Uint8Array | undefined, object][] = [
    ['tile/entries/001', () => undefined, { a: expect.any(Number) }],
    ['tile/entries/001', (bytes) => bytes.subarray(0, -1), { a: expect.any(Number), b: expect.any(Number) }],
    ['tile/0/002.p/188', (bytes) => bytes.subarray(0, -32), { a: 188 * 32, b: 187 * 32 }],
    ['tile/1/000.p/2', (bytes) => new Uint8Array(bytes.length + 32), { a: 64, b: 96 }],
    ['tile/1/000.p/2', () => undefined, { a: 64 }],
  ];
  for (const [path, change, sizes] of cases) {
    const files = copyOf(log);
    const bytes = change(files.get(path) ?? new Uint8Array(0));
    if (bytes === undefined) files.delete(path);
    else files.set(path, bytes);
    const { difference } = await compareMirrors(log.source, memorySource(files), verifier);
    expect(difference).toMatchObject({ path, sizes, wrong: 'b', what: expect.stringContaining(`memory: ${path}`) });
  }
});

test('the same damage in both copies is for fsck to find; other damage in each is both of theirs', async () => {
  const path = 'tile/0/001';
  const [a, b] = [flip(copyOf(log), path, 7), flip(copyOf(log), path, 7)];
  expect((await compareMirrors(a, b, verifier)).equal).toBe(true);
  const other = flip(copyOf(log), 'tile/entries/001', 9);
  const another = flip(copyOf(log), 'tile/entries/001', 15);
  const { difference } = await compareMirrors(other, another, verifier);
  expect(difference).toMatchObject({ path: 'tile/entries/001', wrong: 'both' });
});

test('partials that one copy has collected are cut from the full objects', async () => {
  const larger = await sampleLog(key, 1500, [700]);
  const files = copyOf(larger);
  for (const path of files.keys()) if (path.includes('.p/188')) files.delete(path);
  // A server that went on since its checkpoint was read has no partial of that size any more.
  files.set('checkpoint', log.files.get('checkpoint') ?? new Uint8Array(0));
  for (const { level, index, width } of tilesForSize(1500)) {
    if (width < 256) expect(files.has(pathOf({ kind: 'hash', level, index, width }, width))).toBe(true);
  }
  expect(files.has('tile/0/002.p/188')).toBe(false);
  files.set('tile/1/000.p/2', log.files.get('tile/1/000.p/2') ?? new Uint8Array(0));
  expect(await compareMirrors(log.source, memorySource(files), verifier)).toMatchObject({ equal: true, size: 700 });
});

/** A log of the same key with other entries. */
async function fork(size: number): Promise<TileSource> {
  const entries = Array.from({ length: size }, (_, i) => encodeUtf8(`other ${i}`));
  const leafHashes = concatBytes(...entries.map(leafHash));
  const { writes, tree } = integrate(emptyRightEdge(), { entries, leafHashes }, 0);
  const text = formatCheckpoint({ origin: 'log.test', size: tree.size, root: tree.root, extensions: [] });
  const files = new Map<string, Uint8Array>(writes.map(({ path, bytes }) => [path, bytes]));
  return memorySource(files.set('checkpoint', await signNote(text, [key.signer])));
}

test('two trees of one size, and one that does not continue the other, are a fork', async () => {
  const other = await fork(700);
  for (const [a, b] of [
    [log.source, other],
    [other, (await sampleLog(key, 699)).source],
  ] as const) {
    const { equal, difference, compared } = await compareMirrors(a, b, verifier);
    expect([equal, compared.entries]).toEqual([false, 0]);
    expect(difference).toMatchObject({
      path: 'checkpoint',
      wrong: 'unknown',
      what: expect.stringContaining('two trees'),
    });
  }
});

test('a checkpoint that cannot be trusted is said to be whose', async () => {
  const stranger = await sampleLog(sampleKey('log.test'), 700);
  const failed = compareMirrors(log.source, { ...stranger.source, label: 'the mirror' }, verifier);
  await expect(failed).rejects.toMatchObject({ code: 'untrusted', message: expect.stringContaining('the mirror: ') });
  const none = compareMirrors({ ...memorySource(new Map()), label: 'the mirror' }, log.source, verifier);
  await expect(none).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('the mirror') });
});

test('an object that cannot be read is a difference, a network that fails is none', async () => {
  const failing = (code: 'io' | 'network'): TileSource => ({
    label: 'broken',
    async read(path: SourcePath) {
      if (path === ('tile/entries/002.p/188' as TilePath)) throw new ClientError(code, `${path} cannot be read`);
      return log.files.get(path);
    },
  });
  const { difference } = await compareMirrors(log.source, failing('io'), verifier);
  expect(difference).toMatchObject({ path: 'tile/entries/002.p/188', wrong: 'b' });
  await expect(compareMirrors(log.source, failing('network'), verifier)).rejects.toMatchObject({ code: 'network' });
});

test('no more is read at a time than asked for, and progress is told', async () => {
  let [now, most] = [0, 0];
  const counting: TileSource = {
    label: 'counting',
    async read(path) {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      return log.files.get(path);
    },
  };
  const told: number[] = [];
  await compareMirrors(log.source, counting, verifier, {
    parallel: 2,
    progress: ({ entriesDone }) => void told.push(entriesDone),
  });
  expect(most).toBe(2);
  expect(told).toEqual([256, 512, 700]);
});
