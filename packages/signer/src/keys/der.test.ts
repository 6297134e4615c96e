import { decodeHex, encodeHex } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { SignerError } from '../signer-error.ts';
import { derElements, requireOneSequence } from './der.ts';

const elements = (hex: string) =>
  derElements(decodeHex(hex), 'it').map(({ tag, content }) => [tag, encodeHex(content)]);

test('elements follow each other', () => {
  expect(elements('')).toEqual([]);
  expect(elements('0500')).toEqual([[5, '']]);
  expect(elements('02010504020a0b')).toEqual([
    [2, '05'],
    [4, '0a0b'],
  ]);
  expect(elements(`0481${'80'}${'aa'.repeat(128)}`)).toEqual([[4, 'aa'.repeat(128)]]);
  expect(elements('04820001bb')).toEqual([[4, 'bb']]);
});

test.each(['30', '3001', '0480', '04800000', '0482', '048200', '04820001', '0485000000000100', '020105ff', '04ff'])(
  '%s is cut off or damaged',
  (hex) => {
    expectCode(() => elements(hex), SignerError, 'malformed');
  },
);

test('one sequence and nothing after it', () => {
  requireOneSequence(decodeHex('3003020100'), 'it');
  requireOneSequence(decodeHex('3000'), 'it');
  for (const hex of ['', '30', '3100', '300000', '3001', '30800000', '3003020100ff']) {
    expectCode(() => requireOneSequence(decodeHex(hex), 'it'), SignerError, 'malformed');
  }
});
