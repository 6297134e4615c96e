import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoreError } from '../core-error.ts';
import { arbitraries } from '../testing/arbitraries.ts';
import { expectCode } from '../testing/expect-code.ts';
import { decodeHex, encodeHex } from './hex.ts';

test('what is encoded decodes, as Node encodes it', () => {
  fc.assert(
    fc.property(arbitraries(fc).bytes(), (bytes) => {
      expect(encodeHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(decodeHex(encodeHex(bytes))).toEqual(bytes);
    }),
  );
});

test.each(['0', 'AB', 'aB', '0x', ' 0', '0 ', 'zz', '0g', '\uff10\uff10', '00\n'])('refuses %j', (text) => {
  expectCode(() => decodeHex(text), CoreError, 'malformed');
});
