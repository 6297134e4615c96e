import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesCell, bytesOf, type Cell, intCell, intOf, isNull, NULL, textOf, timeOf, timestampMs } from './cells.ts';

test('safe integers and bytes travel unchanged', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.uint8Array(), (n, bytes) => {
      expect(intOf(intCell(n))).toBe(n);
      expect(bytesOf(bytesCell(bytes))).toEqual(bytes);
      expect(bytesOf(bytesCell(new Uint8Array([1, ...bytes]).subarray(1)))).toEqual(bytes);
    }),
  );
});

test.each<[Cell | undefined]>([
  [{ stringValue: '9007199254740992' }],
  [{ stringValue: '9223372036854775807' }],
  [{ stringValue: '-0' }],
  [{ stringValue: '01' }],
  [{ stringValue: '1.5' }],
  [{ stringValue: '' }],
  [{ numberValue: 7 }],
  [NULL],
  [undefined],
])('%j is no integer', (cell) => expect(() => intOf(cell)).toThrow('INT64'));

test.each([0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('%d is not written', (n) => {
  expect(() => intCell(n)).toThrow(RangeError);
});

test('NULL is nothing else', () => {
  expect(isNull(NULL)).toBe(true);
  expect(isNull(undefined)).toBe(true);
  expect(isNull({ stringValue: '' })).toBe(false);
  expect(() => textOf(NULL)).toThrow('STRING');
});

test('bytes of another length than they must have are refused', () => {
  expect(() => bytesOf(bytesCell(new Uint8Array(31)), 32)).toThrow('BYTES');
});

test('times are milliseconds since 1970', () => {
  expect(timeOf({ stringValue: '2026-11-22T04:05:06.123456789Z' })).toBe(Date.UTC(2026, 10, 22, 4, 5, 6, 123));
  expect(timeOf(NULL)).toBeUndefined();
  expect(() => timeOf({ stringValue: 'yesterday' })).toThrow('TIMESTAMP');
  expect(timestampMs({ seconds: '1787296857', nanos: 123_999_999 })).toBe(1_787_296_857_123);
  expect(timestampMs(null)).toBeUndefined();
});
