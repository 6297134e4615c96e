import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBucketName, parsePrefix, parseStorageEmulatorHost, parseStorageEndpoint } from './bucket-place.ts';

const badPlace = expect.objectContaining({ name: 'GcpError', code: 'bad-place' });

test.each(['log', 'my-log_2026', '0log9', 'log.example.com', `${'a'.repeat(63)}.${'b'.repeat(63)}`, 'a'.repeat(63)])(
  '%s is a bucket',
  (name) => {
    expect(parseBucketName(name)).toBe(name);
  },
);

test.each(['', 'ab', 'gs://log', 'Log', '-log', 'log-', 'log/a', 'a..b', 'a'.repeat(64), 'log?x=', 'lög', 'log\n'])(
  '%j is no bucket',
  (name) => {
    expect(() => parseBucketName(name)).toThrow(badPlace);
  },
);

test.each([
  ['', ''],
  ['a', 'a/'],
  ['a/', 'a/'],
  ['logs/2026-1.x/_b', 'logs/2026-1.x/_b/'],
])('%j means the prefix %j', (text, prefix) => {
  expect(parsePrefix(text)).toBe(prefix);
});

test.each([
  '/',
  '/a',
  'a//b',
  'a//',
  '.',
  '..',
  'a/../b',
  '.state',
  'a b',
  'a?b',
  'tile',
  'logs/tile/',
  'a'.repeat(256),
])('%j is no prefix', (text) => {
  expect(() => parsePrefix(text)).toThrow(badPlace);
});

test('whatever is a prefix needs no escaping and is its own normal form', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', '0', '.', '/', '-', '_', ' ', '%', 'é') }), (text) => {
      let prefix: string;
      try {
        prefix = parsePrefix(text);
      } catch (error) {
        expect(error).toEqual(badPlace);
        return;
      }
      expect(parsePrefix(prefix)).toBe(prefix);
      expect(new URL(`http://host/${prefix}`).pathname).toBe(`/${prefix}`);
    }),
  );
});

test.each([
  ['http://127.0.0.1:4443', 'http://127.0.0.1:4443'],
  ['http://127.0.0.1:4443/', 'http://127.0.0.1:4443'],
  ['https://storage.example.com', 'https://storage.example.com'],
  ['https://storage.example.com:443', 'https://storage.example.com'],
  ['http://[::1]:80', 'http://[::1]'],
])('%s is the endpoint %s', (text, endpoint) => {
  expect(parseStorageEndpoint(text)).toBe(endpoint);
});

test.each([
  '',
  '127.0.0.1:4443',
  'ftp://host',
  'http://host/storage/v1',
  'http://host?x',
  'http://user:secret@host',
  'http://',
])('%j is no endpoint', (text) => {
  expect(() => parseStorageEndpoint(text)).toThrow(badPlace);
});

test('the environment may leave the scheme out', () => {
  expect(parseStorageEmulatorHost('127.0.0.1:4443')).toBe('http://127.0.0.1:4443');
  expect(parseStorageEmulatorHost('http://127.0.0.1:4443')).toBe('http://127.0.0.1:4443');
  expect(() => parseStorageEmulatorHost('host/path')).toThrow(badPlace);
});
