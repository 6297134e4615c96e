import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

const FLAGS = ['http-port', 'http-address', 'grpc-port', 'storage-dir', 'on-duplicate'];

test.each([
  ['htpt-port', 'http-port'],
  ['http-prot', 'http-port'],
  ['storage', undefined],
  ['storage-dri', 'storage-dir'],
  ['grcp-port', 'grpc-port'],
  ['nonsense', undefined],
  ['x'.repeat(100_000), undefined],
])('%s means %s', (word, meant) => {
  expect(nearest(word, FLAGS)).toBe(meant);
});

test('the hint names the flag with its dashes, or is empty', () => {
  expect(didYouMean('htpp-port', FLAGS, '--')).toBe(' (did you mean --http-port?)');
  expect(didYouMean('zzz', FLAGS)).toBe('');
});
