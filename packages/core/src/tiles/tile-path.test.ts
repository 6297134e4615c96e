import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { formatIndexPath, parseIndexPath } from './index-path.ts';
import { bundlePath, fullPath, parseTilePath, tilePath } from './tile-path.ts';

const any = arbitraries(fc);

test.each(Object.entries(c2sp.index_paths))('vector: index %s', (index, path) => {
  expect(formatIndexPath(index)).toBe(path);
  expect(parseIndexPath(path)).toBe(index);
  if (Number.isSafeInteger(Number(index))) {
    expect(tilePath({ level: 0, index: Number(index), width: 256 })).toBe(`tile/0/${path}`);
    expect(bundlePath({ index: Number(index), width: 256 })).toBe(`tile/entries/${path}`);
    expect(parseTilePath(`tile/0/${path}`)).toEqual({
      kind: 'hash',
      tile: { level: 0, index: Number(index), width: 256 },
    });
  } else {
    expectCode(() => parseTilePath(`tile/0/${path}`), CoreError, 'size-unsupported');
  }
});

test.each(c2sp.paths_invalid)('vector: %j is no tile path', (path) => {
  expectCode(() => parseTilePath(path), CoreError, 'malformed');
});

test.each([
  '',
  'tile',
  'tile/0',
  'tile/0/',
  'tile/0/x001',
  'tile/0/x001/',
  'tile/0/x1/067',
  'tile/0/xx01/067',
  'tile/0/x000/x001/067',
  'tile/0/000.p',
  'tile/0/000.p/-1',
  'tile/0/000.p/1.p/1',
  'tile/0/000.p/0255',
  'tile/0/000.p/999',
  'tile/0/000\n',
  'tile/0/000/..',
  'tile/0/../0/000',
  'tile/0//000',
  'tile//000',
  'tile/100/000',
  'tile/0x1/000',
  'tile/entries/000.p/256',
  'tile/entries/000/',
  'tile/Entries/000',
  'tile/data/000',
  'tile/entries',
  'checkpoint',
  `tile/0/${'x999/'.repeat(7)}999`,
  `tile/0/x010/${'x000/'.repeat(5)}000`,
  `tile/0/${'x999/'.repeat(100_000)}999`,
])('%j is no tile path', (path) => {
  expectCode(() => parseTilePath(path), CoreError, 'malformed');
});

test('paths of tiles and bundles read back', () => {
  fc.assert(
    fc.property(any.tileId(), any.bundleId(), (tile, bundle) => {
      expect(parseTilePath(tilePath(tile))).toEqual({ kind: 'hash', tile });
      expect(parseTilePath(bundlePath(bundle))).toEqual({ kind: 'entries', bundle });
      expect(fullPath(tilePath(tile))).toBe(tilePath({ ...tile, width: 256 }));
      expect(fullPath(bundlePath(bundle))).toBe(bundlePath({ ...bundle, width: 256 }));
    }),
  );
});

test('whatever parses is the one path of its tile', () => {
  const piece = fc.constantFrom(
    'tile',
    'entries',
    '/',
    '0',
    '63',
    '000',
    '001',
    'x001',
    'x000',
    '.p/',
    '1',
    '255',
    'x',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = `tile/${pieces.join('')}`;
      let parts: ReturnType<typeof parseTilePath>;
      try {
        parts = parseTilePath(path);
      } catch {
        return;
      }
      expect(parts.kind === 'hash' ? tilePath(parts.tile) : bundlePath(parts.bundle)).toBe(path);
    }),
    { numRuns: 5000 },
  );
});

test.each([
  { level: 64, index: 0, width: 1 },
  { level: -1, index: 0, width: 1 },
  { level: 0, index: -1, width: 1 },
  { level: 0, index: 2 ** 53, width: 1 },
  { level: 0, index: 0, width: 0 },
  { level: 0, index: 0, width: 257 },
  { level: 0, index: 0, width: 1.5 },
])('tile $level/$index of width $width has no path', (tile) => {
  expectCode(() => tilePath(tile), CoreError, 'out-of-range');
  if (tile.level === 0) expectCode(() => bundlePath(tile), CoreError, 'out-of-range');
});
