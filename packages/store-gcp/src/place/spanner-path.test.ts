import { expect, test } from 'vitest';
import { GcpError } from '../gcp-error.ts';
import { checkTablePrefix, formatSpannerPath, parseHost, parseSpannerPath } from './spanner-path.ts';

const badPlace = (act: () => unknown): void => {
  expect(act).toThrow(GcpError);
  expect(act).toThrow(expect.objectContaining({ code: 'bad-place' }));
};

test('a database is named by its path', () => {
  const path = 'projects/example.com:log-1/instances/rekor/databases/log_2026-rekor';
  expect(parseSpannerPath(path)).toEqual({
    project: 'example.com:log-1',
    instance: 'rekor',
    database: 'log_2026-rekor',
  });
  expect(formatSpannerPath(parseSpannerPath(path))).toBe(path);
});

test.each([
  '',
  'log',
  'projects/p/instances/i',
  'projects/p/instances/i/databases/',
  'projects/p/instances/i/databases/d/',
  '/projects/p/instances/i/databases/d',
  'projects/p/instances/i/databases/D',
  'projects/../instances/i/databases/d',
  'projects/p/instances/i/databases/d\n',
  `projects/p/instances/i/databases/${'d'.repeat(31)}`,
])('%j names no database', (path) => badPlace(() => parseSpannerPath(path)));

test.each(['', 'a', 'Log_2026_', 'x'.repeat(64)])('a table prefix: %j', (prefix) => {
  expect(checkTablePrefix(prefix)).toBe(prefix);
});

test.each(['1', '_', 'a-b', 'a b', 'a`', 'a.b', 'Meta (id INT64) PRIMARY KEY(id); --', 'a\n', 'ä', 'x'.repeat(65)])(
  'no table prefix, and no way into a statement: %j',
  (prefix) => badPlace(() => checkTablePrefix(prefix)),
);

test('an endpoint is host or host:port', () => {
  expect(parseHost('127.0.0.1:9010')).toEqual({ host: '127.0.0.1', port: 9010 });
  expect(parseHost('spanner.example.com')).toEqual({ host: 'spanner.example.com', port: undefined });
  expect(parseHost('[::1]:9010')).toEqual({ host: '::1', port: 9010 });
});

test.each(['', 'http://127.0.0.1:9010', '127.0.0.1:', 'host:0', 'host:65536', 'a/b', 'host:1x'])(
  '%j is no endpoint',
  (text) => badPlace(() => parseHost(text)),
);
