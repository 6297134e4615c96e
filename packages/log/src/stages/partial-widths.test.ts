import type { ObjectWrite } from '@tilewright/core/builder';
import { fullPath, type TilePath } from '@tilewright/core/tiles';
import { expect, test } from 'vitest';
import { PartialWidths } from './partial-widths.ts';

const bytes = new Uint8Array(0);
const writes = (...paths: readonly string[]): ObjectWrite[] => paths.map((path) => ({ path: path as TilePath, bytes }));
const full = (path: string) => fullPath(path as TilePath);

test('widths that this process wrote are all there are of a tile that began after the opening', () => {
  const widths = new PartialWidths(0);
  widths.wrote(writes('tile/0/000.p/3', 'tile/entries/000.p/3'));
  widths.wrote(writes('tile/0/000.p/200', 'tile/entries/000.p/200'));
  widths.wrote(writes('tile/0/000', 'tile/entries/000', 'tile/1/000.p/1', 'tile/0/001.p/9'));
  expect(widths.take(full('tile/0/000'), 0)).toEqual([3, 200]);
  expect(widths.take(full('tile/entries/000'), 0)).toEqual([3, 200]);
  expect(widths.take(full('tile/1/000'), 0)).toEqual([1]);
});

test('a tile that was never partial has none', () => {
  expect(new PartialWidths(0).take(full('tile/0/000'), 0)).toEqual([]);
});

test('what was begun before the opening, or by somebody else, is unknown', () => {
  const widths = new PartialWidths(300);
  widths.wrote(writes('tile/0/001.p/80'));
  expect(widths.take(full('tile/0/001'), 256)).toBeUndefined();
  expect(widths.take(full('tile/0/002'), 512)).toEqual([]);
  widths.wrote(writes('tile/0/003.p/1'));
  widths.othersWrote(800);
  expect(widths.take(full('tile/0/003'), 768)).toBeUndefined();
  widths.wrote(writes('tile/0/004.p/2'));
  expect(widths.take(full('tile/0/004'), 1024)).toEqual([2]);
});
