import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { decodeBase64, decodeBase64LikeGo, encodeBase64 } from './base64.ts';

const any = arbitraries(fc);

test.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
])('RFC 4648 section 10: %j is %j', (text, encoded) => {
  const bytes = new TextEncoder().encode(text);
  expect(encodeBase64(bytes)).toBe(encoded);
  expect(decodeBase64(encoded)).toEqual(bytes);
});

test.each(c2sp.base64_invalid)('refuses %j', (text) => {
  expectCode(() => decodeBase64(text), CoreError, 'malformed');
});

test.each(['====', 'A===', '=AAA', 'AA=A', 'AAAA====', 'AAAA\n', 'AAA\u{100}', 'AAA\u0000', 'AAAÿ'])(
  'refuses %j',
  (text) => {
    expectCode(() => decodeBase64(text), CoreError, 'malformed');
    expectCode(() => decodeBase64LikeGo(text), CoreError, 'malformed');
  },
);

test.each(['AB==', 'AAB='])('tells about the unused bits of %j', (text) => {
  expect(decodeBase64LikeGo(text).canonical).toBe(false);
});

test('what is encoded decodes, as Node encodes it', () => {
  fc.assert(
    fc.property(any.bytes(), (bytes) => {
      const text = encodeBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(text)).toEqual(bytes);
    }),
  );
});

test('whatever decodes is the one encoding of its bytes', () => {
  const characters = fc.constantFrom(...'AB+/09az=_- \n');
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 12 }), (text) => {
      let bytes: Uint8Array;
      try {
        bytes = decodeBase64(text);
      } catch {
        return;
      }
      expect(encodeBase64(bytes)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
