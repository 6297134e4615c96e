import { expect, test } from 'vitest';
import { readPaths } from './read-paths.ts';
import { refusedRequests } from './refused-requests.ts';

test('a log of three levels: every kind in turn, partial tiles of each level with what replaces them', () => {
  const paths = readPaths(70_001, '/api/v2/');
  expect(paths.slice(0, 4).map(({ kind }) => kind)).toEqual(['checkpoint', 'tile', 'bundle', 'partial']);
  const partials = new Map(paths.filter(({ kind }) => kind === 'partial').map(({ path, full }) => [path, full]));
  expect(Object.fromEntries(partials)).toEqual({
    '/api/v2/tile/0/273.p/113': '/api/v2/tile/0/273',
    '/api/v2/tile/1/001.p/17': '/api/v2/tile/1/001',
    '/api/v2/tile/2/000.p/1': '/api/v2/tile/2/000',
    '/api/v2/tile/entries/273.p/113': '/api/v2/tile/entries/273',
  });
  const tiles = new Set(paths.filter(({ kind }) => kind === 'tile').map(({ path }) => path));
  expect(tiles.has('/api/v2/tile/1/000')).toBe(true);
  expect(tiles.size).toBe(274);
});

test('an empty log has a checkpoint and nothing else; one of 256 entries no partial tile but at the top', () => {
  expect(new Set(readPaths(0, '/').map(({ path }) => path))).toEqual(new Set(['/checkpoint']));
  const paths = new Set(readPaths(256, '/').map(({ path }) => path));
  expect(paths).toEqual(new Set(['/checkpoint', '/tile/0/000', '/tile/entries/000', '/tile/1/000.p/1']));
});

test('bad requests are many, small, and none is to be accepted', () => {
  const refused = refusedRequests();
  expect(refused.length).toBeGreaterThan(100);
  expect(new Set(refused.map(({ status }) => status))).toContain(400);
  for (const { status, body } of refused) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.length).toBeLessThan(24_000);
  }
});
