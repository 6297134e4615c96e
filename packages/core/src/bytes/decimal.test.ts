import fc from 'fast-check';
import { expect, test } from 'vitest';
import { c2sp } from '../../test/vectors.ts';
import { CoreError } from '../core-error.ts';
import { expectCode } from '../testing/expect-code.ts';
import { parseDecimal, parseDecimal64 } from './decimal.ts';

test.each(c2sp.decimal_valid)('%j is a decimal', (text) => {
  if (BigInt(text) <= Number.MAX_SAFE_INTEGER) expect(parseDecimal(text)).toBe(Number(text));
  else expectCode(() => parseDecimal(text), CoreError, 'size-unsupported');
});

test.each([...c2sp.decimal_invalid, '1\n', '\n1', '1,000', 'NaN', 'Infinity', '1n', '9'.repeat(1000)])(
  '%j is no decimal',
  (text) => {
    expectCode(() => parseDecimal(text), CoreError, 'malformed');
  },
);

test('what is only signed is read up to 2^63-1', () => {
  for (const text of c2sp.decimal_valid) expect(parseDecimal64(text)).toBe(BigInt(text));
  for (const text of c2sp.decimal_invalid) expectCode(() => parseDecimal64(text), CoreError, 'malformed');
});

test('2^53-1 is the last number that counts exactly', () => {
  expect(parseDecimal('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expectCode(() => parseDecimal('9007199254740992'), CoreError, 'size-unsupported');
  expectCode(() => parseDecimal('9007199254740993'), CoreError, 'size-unsupported');
});

test('every safe integer survives the round trip', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (n) => {
      expect(parseDecimal(String(n))).toBe(n);
    }),
  );
});
