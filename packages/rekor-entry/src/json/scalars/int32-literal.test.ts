import fc from 'fast-check';
import { expect, test } from 'vitest';
import { int32OfLiteral } from './int32-literal.ts';

test.each<[string, number | undefined]>([
  ['0', 0],
  ['-0', 0],
  ['5', 5],
  ['5.0', 5],
  ['0.5e1', 5],
  ['0.05e2', 5],
  ['50e-1', 5],
  ['5.00E+0', 5],
  ['-1', -1],
  ['2147483647', 2147483647],
  ['-2147483648', -2147483648],
  ['0e9999999999', 0],
  ['5e00000000000000000000001', 50],
  ['2147483648', undefined],
  ['-2147483649', undefined],
  ['4294967296', undefined],
  ['5.5', undefined],
  ['5e-1', undefined],
  ['0.5', undefined],
  ['1e400', undefined],
  ['5e20', undefined],
  ['5e2147483648', undefined],
  ['05', undefined],
  ['+5', undefined],
  ['5.', undefined],
  ['.5', undefined],
  ['5e', undefined],
  ['0x5', undefined],
  ['', undefined],
  ['five', undefined],
])('%s is %s', (literal, value) => {
  expect(int32OfLiteral(literal)).toBe(value);
});

test('every way to write an integer within twenty digits is read as it', () => {
  const parts = fc.record({ value: fc.integer({ min: -99_999, max: 99_999 }), shift: fc.integer({ min: -8, max: 8 }) });
  fc.assert(
    fc.property(parts, ({ value, shift }) => {
      const digits = String(Math.abs(value)).padStart(9, '0');
      const point = shift >= 0 ? digits.length - shift : digits.length;
      const mantissa =
        shift >= 0 ? `${digits.slice(0, point)}.${digits.slice(point)}0` : `${digits}${'0'.repeat(-shift)}`;
      const literal = `${value < 0 ? '-' : ''}${mantissa.replace(/^0+(?=\d)/, '')}e${shift}`;
      expect(int32OfLiteral(literal)).toBe(value);
    }),
  );
});

test('a literal of millions of digits takes no time', () => {
  const started = performance.now();
  expect(int32OfLiteral(`0.${'0'.repeat(4_000_000)}1`)).toBeUndefined();
  expect(int32OfLiteral(`5.${'0'.repeat(4_000_000)}`)).toBe(5);
  expect(int32OfLiteral(`${'1'.repeat(4_000_000)}x`)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(4000);
});
