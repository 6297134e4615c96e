import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoreError } from '../core-error.ts';
import { expectCode } from '../testing/expect-code.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

test('a text survives the round trip', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    }),
  );
});

test('a byte order mark is kept', () => {
  const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
  expect(decodeUtf8(bytes)).toBe('\ufeffa');
  expect(encodeUtf8('\ufeffa')).toEqual(bytes);
});

test.each([
  ['a lone continuation byte', [0x80]],
  ['a truncated sequence', [0xe2, 0x80]],
  ['an overlong newline', [0xc0, 0x8a]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
])('refuses %s', (_, bytes) => {
  expectCode(() => decodeUtf8(Uint8Array.from(bytes)), CoreError, 'malformed');
});

test.each([
  [[0x80], 0],
  [[0x61, 0xc3, 0xa9, 0xff], 3],
  [[0xef, 0xbf, 0xbd, 0xf0, 0x9f, 0x92], 3],
  [[0xf0, 0x9f, 0x92, 0xa9, 0xe2, 0x80], 4],
  [[0xef, 0xbf, 0x41], 0],
])('%j is wrong at byte %i', (bytes, offset) => {
  const { message } = expectCode(() => decodeUtf8(Uint8Array.from(bytes)), CoreError, 'malformed');
  expect(message).toContain(`from byte ${offset} on`);
});

test('a lone surrogate has no UTF-8 form', () => {
  expectCode(() => encodeUtf8('a\ud800'), CoreError, 'malformed');
});
