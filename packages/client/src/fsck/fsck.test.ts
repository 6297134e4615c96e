import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { expectCodeAsync } from '@tilewright/core/testing';
import { encodeEntryBundle, encodeHashTile } from '@tilewright/core/tiles';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClientError } from '../client-error.ts';
import { memorySource, type SampleLog, sampleEntry, sampleKey, sampleLog } from '../testing/sample-log.ts';
import { verifyAdoptable } from './adopt.ts';
import { fsck } from './fsck.ts';

const KEY = sampleKey('log.example.com');
/** 600 entries: two full bundles and a partial one, and what earlier sizes left over, on both sides of a tile's end. */
const SMALL = await sampleLog(KEY, 600, [1, 7, 255, 256, 257, 300, 599]);
/** Three levels, the third with one full hash; partial tiles on every level. */
const LARGE = await sampleLog(KEY, 65_536 + 513, [65_535, 65_536]);

test.each([0, 1, 2, 255, 256, 257, 511, 512, 513, 65_536, 65_537])('a log of %i entries is clean', async (size) => {
  const log = await sampleLog(KEY, size, [Math.floor(size / 2)]);
  const report = await fsck(log.source, KEY.verifier);
  expect(report).toMatchObject({ ok: true, damageCount: 0, strayCount: 0, unpublishedCount: 0 });
  expect(report.checkpoint?.size).toBe(size);
  expect(report.checked.entries).toBe(size);
  const compared = report.checked.bundles + report.checked.tiles + report.checked.partials;
  expect(compared).toBe(log.files.size - 1);
});

test('a source that cannot list is checked without leftovers', async () => {
  const { read } = SMALL.source;
  const report = await fsck({ label: 'url', read }, KEY.verifier);
  expect(report).toMatchObject({ ok: true, checked: { entries: 600, partials: 0 } });
});

test('one flipped bit in any file is found, and that file is named and no other', async () => {
  const paths = [...SMALL.files.keys()];
  const flip = fc.record({
    path: fc.constantFrom(...paths),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bit: fc.nat(7),
  });
  await fc.assert(
    fc.asyncProperty(flip, async ({ path, at, bit }) => {
      expect(await damagedPaths(flipped(SMALL, path, at, bit))).toEqual([path]);
    }),
    { numRuns: 200 },
  );
});

test('every byte of every smallest and every edge file counts', async () => {
  for (const [path, bytes] of SMALL.files) {
    if (bytes.length > 400) continue;
    for (let i = 0; i < bytes.length; i++) {
      expect(await damagedPaths(flipped(SMALL, path, i / bytes.length, i % 8))).toEqual([path]);
    }
  }
});

test.each([
  'tile/0/000',
  'tile/0/128',
  'tile/0/256',
  'tile/0/258.p/1',
  'tile/1/000',
  'tile/1/001.p/2',
  'tile/1/000.p/255',
  'tile/2/000.p/1',
  'tile/entries/000',
  'tile/entries/255',
  'tile/entries/257',
  'tile/entries/258.p/1',
  'tile/entries/255.p/255',
])('damage in a log of three levels is named: %s', async (path) => {
  expect(await damagedPaths(flipped(LARGE, path, 0.4, 3))).toEqual([path]);
});

test.each(['tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/001', 'tile/entries/002.p/88'])(
  'a missing, shortened or lengthened %s is named',
  async (path) => {
    const bytes = SMALL.files.get(path) ?? new Uint8Array();
    expect(await damagedPaths(without(SMALL, path))).toEqual([path]);
    expect(await damagedPaths(replaced(SMALL, path, bytes.subarray(0, -1)))).toEqual([path]);
    expect(await damagedPaths(replaced(SMALL, path, new Uint8Array([...bytes, 0])))).toEqual([path]);
    expect(await damagedPaths(replaced(SMALL, path, new Uint8Array()))).toEqual([path]);
  },
);

test('two faults far apart are both named', async () => {
  const files = flipped(SMALL, 'tile/entries/000', 0.5, 0);
  const both = flipped({ files }, 'tile/1/000.p/2', 0.9, 0);
  expect(await damagedPaths(both)).toEqual(['tile/entries/000', 'tile/1/000.p/2']);
});

test('an entry that was replaced together with its leaf hash is found by the tree above', async () => {
  const entries = Array.from({ length: 256 }, (_, i) => (i === 5 ? encodeUtf8('forged') : sampleEntry(i)));
  const files = new Map(SMALL.files);
  for (const path of files.keys()) if (/^tile\/(0|entries)\/000\.p\//.test(path)) files.delete(path);
  files.set('tile/entries/000', encodeEntryBundle(entries));
  files.set('tile/0/000', encodeHashTile(entries.map(leafHash)));
  expect((await damagedPaths(files)).sort()).toEqual(['tile/0/000', 'tile/entries/000']);
});

test('a whole other log under a signed checkpoint is not believed', async () => {
  const other = await sampleLog(KEY, 599);
  const files = new Map(other.files).set('checkpoint', SMALL.files.get('checkpoint') ?? new Uint8Array());
  files.set('tile/0/002.p/88', encodeHashTile(SMALL.leaves.slice(0, 88)));
  files.set('tile/entries/002.p/88', encodeEntryBundle(Array.from({ length: 88 }, (_, i) => sampleEntry(i))));
  const paths = await damagedPaths(files);
  expect(paths).toContain('checkpoint');
});

test('a partial that was collected is cut from the full object', async () => {
  const later = await sampleLog(KEY, 1000);
  const files = new Map(later.files).set('checkpoint', SMALL.files.get('checkpoint') ?? new Uint8Array());
  files.delete('tile/1/000.p/3');
  files.set('tile/1/000.p/2', SMALL.files.get('tile/1/000.p/2') ?? new Uint8Array());
  const report = await fsck(memorySource(files), KEY.verifier);
  expect(report).toMatchObject({ ok: true, damageCount: 0, strayCount: 0 });
  expect(report.unpublished).toEqual(
    expect.arrayContaining(['tile/0/002', 'tile/entries/002', 'tile/0/003.p/232', 'tile/entries/003.p/232']),
  );
  expect(await damagedPaths(flipped({ files }, 'tile/entries/002', 0.1, 0))).toEqual(['tile/entries/002']);
  expect(await damagedPaths(flipped({ files }, 'tile/0/002', 0.1, 0))).toEqual(['tile/0/002']);
});

test('unpublished partials are compared as far as the checkpoint goes', async () => {
  const later = await sampleLog(KEY, 610);
  const files = new Map([...later.files, ...SMALL.files]);
  expect((await fsck(memorySource(files), KEY.verifier)).unpublished).toEqual([
    'tile/0/002.p/98',
    'tile/entries/002.p/98',
  ]);
  expect(await damagedPaths(flipped({ files }, 'tile/entries/002.p/98', 0.5, 0))).toEqual(['tile/entries/002.p/98']);
});

test('strays are listed and are no damage; private state is not looked at', async () => {
  const files = new Map(SMALL.files);
  for (const path of [
    'tile/0/000.tmp',
    'tile/0/0',
    'tile/x/000',
    'tile/0/000.p/0',
    'tile/0/000.p/300',
    'notes.txt',
    '.state/wal/1',
  ]) {
    files.set(path, new Uint8Array());
  }
  const report = await fsck(memorySource(files), KEY.verifier);
  expect(report.ok).toBe(true);
  expect([...report.strays].sort()).toEqual(
    ['notes.txt', 'tile/0/0', 'tile/0/000.p/0', 'tile/0/000.p/300', 'tile/0/000.tmp', 'tile/x/000'].sort(),
  );
});

test('a missing or foreign checkpoint is the damage', async () => {
  expect(await damagedPaths(without(SMALL, 'checkpoint'))).toEqual(['checkpoint']);
  const report = await fsck(SMALL.source, sampleKey('log.example.com').verifier);
  expect(report).toMatchObject({
    ok: false,
    damage: [{ path: 'checkpoint', what: expect.stringContaining('no trusted key') }],
  });
  expect(report.checkpoint).toBeUndefined();
});

test('progress ends at the total, with a rate from the given clock', async () => {
  const seen: number[] = [];
  let now = 0;
  let rate = 0;
  await fsck(SMALL.source, KEY.verifier, {
    nowMs: () => (now += 100),
    progress: ({ entriesDone, entriesTotal, entriesPerSecond }) => {
      expect(entriesTotal).toBe(600);
      seen.push(entriesDone);
      rate = entriesPerSecond;
    },
  });
  expect(seen).toEqual([256, 512, 600]);
  expect(rate).toBe(2000);
});

test('no more bundles are read at a time than asked for', async () => {
  let underWay = 0;
  let most = 0;
  const read: SampleLog['source']['read'] = async (path) => {
    const counted = path.startsWith('tile/entries/') && path.split('/').length === 3;
    if (counted) most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    if (counted) underWay -= 1;
    return LARGE.files.get(path);
  };
  expect((await fsck({ label: 'slow', read }, KEY.verifier, { parallel: 5 })).ok).toBe(true);
  expect(most).toBe(5);
});

test('a failing source and a fired signal end the check with an error', async () => {
  const failing = {
    label: 'failing',
    read: (path: string) =>
      path === 'tile/0/001'
        ? Promise.reject(new ClientError('timeout', 'too slow'))
        : Promise.resolve(SMALL.files.get(path)),
  };
  await expectCodeAsync(() => fsck(failing, KEY.verifier), ClientError, 'timeout');
});

test('adoption gives size and root, or names the damage', async () => {
  const adopted = await verifyAdoptable(SMALL.source, KEY.verifier);
  expect(adopted).toMatchObject({ size: 600, root: SMALL.checkpoint.root });
  const broken = memorySource(flipped(SMALL, 'tile/0/001', 0.5, 1));
  const error = await expectCodeAsync(() => verifyAdoptable(broken, KEY.verifier), ClientError, 'damaged');
  expect(error.message).toContain('tile/0/001');
});

async function damagedPaths(files: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  const report = await fsck(memorySource(files), KEY.verifier);
  expect(report.ok).toBe(report.damageCount === 0);
  return report.damage.map(({ path }) => path);
}

function flipped(log: Pick<SampleLog, 'files'>, path: string, at: number, bit: number): Map<string, Uint8Array> {
  const bytes = Uint8Array.from(log.files.get(path) ?? []);
  const i = Math.min(Math.floor(at * bytes.length), bytes.length - 1);
  bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
  return new Map(log.files).set(path, bytes);
}

function without(log: SampleLog, path: string): Map<string, Uint8Array> {
  const files = new Map(log.files);
  files.delete(path);
  return files;
}

function replaced(log: SampleLog, path: string, bytes: Uint8Array): Map<string, Uint8Array> {
  return new Map(log.files).set(path, bytes);
}
