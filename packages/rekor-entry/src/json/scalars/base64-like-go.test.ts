import { decodeBase64, encodeBase64, encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAny, decodeBase64LikeGo, decodePlain } from './base64-like-go.ts';

function hexOf(text: string): string | undefined {
  const bytes = encodeUtf8(text);
  const decoded = decodeBase64LikeGo(bytes, 0, bytes.length);
  return decoded && encodeHex(decoded);
}

// protojson of protobuf-go 1.36: the length decides about padding, `-` and `_` about the alphabet.
test.each([
  ['', ''],
  ['AAAA', '000000'],
  ['AA==', '00'],
  ['AA', '00'],
  ['AAA=', '0000'],
  ['AAA', '0000'],
  ['AB==', '00'],
  ['AAB', '0000'],
  ['+/+/', 'fbffbf'],
  ['-_-_', 'fbffbf'],
  ['-_', 'fb'],
  ['AAAA\n', '000000'],
  ['AA==\r\n\r\n', '00'],
  ['AA=\n=\n\n\n', '00'],
  ['A\nA=\r=\r\n', '00'],
])('%j is %s', (text, hex) => {
  expect(hexOf(text)).toBe(hex);
});

test.each([
  'A',
  'AAAAA',
  '=',
  '====',
  'A===',
  'AA=',
  'AA==\n',
  'AA=A',
  'AA==AAAA',
  'AAAA====',
  'AAA==',
  'AA\n\n',
  '-_+/',
  'AA =',
  'AA..',
  'é',
])('%j is refused', (text) => {
  expect(hexOf(text)).toBeUndefined();
});

const symbols = fc.constantFrom(...'ABab01+/-_==\n\r .é');
const texts = fc.oneof(
  fc.string({ unit: symbols, maxLength: 24 }),
  fc.uint8Array({ maxLength: 40 }).map(encodeBase64),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => encodeBase64(bytes).replaceAll('=', '')),
);

test('the fast way agrees with the general one wherever it answers', () => {
  fc.assert(
    fc.property(texts, fc.nat({ max: 5 }), (text, margin) => {
      const bytes = encodeUtf8(`${'A'.repeat(margin)}${text}${'A'.repeat(margin)}`);
      const fast = decodePlain(bytes, margin, bytes.length - margin);
      if (fast !== undefined) expect(decodeAny(bytes, margin, bytes.length - margin)).toEqual(fast);
    }),
    { numRuns: 3000 },
  );
});

test('canonical base64 is what core decodes, by the fast way', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = encodeUtf8(encodeBase64(bytes));
      expect(decodePlain(text, 0, text.length)).toEqual(decodeBase64(encodeBase64(bytes)));
    }),
  );
});
