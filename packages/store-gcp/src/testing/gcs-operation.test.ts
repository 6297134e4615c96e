import { expect, test } from 'vitest';
import { billedOperations, operationsSince } from '../gcs/operation-counts.ts';
import { gcsRequestOf } from './gcs-operation.ts';

test.each([
  ['POST', '/upload/storage/v1/b/log/o?uploadType=multipart&name=a%2Ftile%2F0%2F000', 'insert', 'a/tile/0/000'],
  ['GET', '/storage/v1/b/log/o?prefix=tile%2F&maxResults=1', 'list', 'tile/'],
  ['GET', '/storage/v1/b/log/o', 'list', ''],
  ['GET', '/storage/v1/b/log/o/tile%2F0%2F000?alt=media', 'get', 'tile/0/000'],
  ['GET', '/storage/v1/b/log/o/checkpoint?fields=generation', 'metadata', 'checkpoint'],
  ['DELETE', '/storage/v1/b/log/o/tile%2F0%2F000.p%2F1', 'delete', 'tile/0/000.p/1'],
  ['GET', '/log/a/checkpoint', 'get', 'a/checkpoint'],
  ['HEAD', '/log/a/checkpoint', 'metadata', 'a/checkpoint'],
  ['POST', '/storage/v1/b?project=p', 'other', ''],
  ['GET', '/storage/v1/b/log', 'other', ''],
  ['GET', '/_internal/healthcheck', 'other', ''],
] as const)('%s %s is %s of %j', (method, url, operation, name) => {
  expect(gcsRequestOf(method, url)).toEqual({ operation, name });
});

test('operations are billed as class A, class B, or not at all', () => {
  const counts = { insert: 1, list: 20, get: 300, metadata: 4_000, delete: 50_000 };
  expect(billedOperations(counts)).toEqual({ classA: 21, classB: 4_300, free: 50_000 });
  expect(operationsSince(counts, { ...counts, get: 301 })).toEqual({
    insert: 0,
    list: 0,
    get: 1,
    metadata: 0,
    delete: 0,
  });
});
