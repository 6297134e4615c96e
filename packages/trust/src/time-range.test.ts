import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWithin, timestampMs } from './time-range.ts';

test('reads what Date writes', () => {
  const date = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (d) => {
      expect(timestampMs(d.toISOString())).toBeCloseTo(d.getTime(), 2);
    }),
  );
});

test.each([
  ['2026-01-31T00:00:00Z', Date.UTC(2026, 0, 31)],
  ['2026-01-31T02:30:00+02:30', Date.UTC(2026, 0, 31)],
  ['2026-01-30T23:00:00-01:00', Date.UTC(2026, 0, 31)],
  ['2024-02-29T00:00:00.5Z', Date.UTC(2024, 1, 29) + 500],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-00-01T00:00:00Z', undefined],
  ['2026-01-01T24:00:00Z', undefined],
  ['2026-01-01T00:00:60Z', undefined],
  ['2026-01-01T00:00:00', undefined],
  ['2026-01-01 00:00:00Z', undefined],
  ['2026-01-01t00:00:00z', undefined],
  ['2026-01-01T00:00:00.Z', undefined],
  ['2026-01-01T00:00:00.0123456789Z', undefined],
  ['0000-01-01T00:00:00Z', undefined],
  ['26-01-01T00:00:00Z', undefined],
  ['2026-01-01T00:00:00Z\n', undefined],
])('%s', (text, ms) => {
  expect(timestampMs(text)).toBe(ms);
});

test('both ends of a period are inside it', () => {
  const range = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' };
  const start = Date.UTC(2026, 0, 1);
  const end = Date.UTC(2026, 0, 2);
  expect([start - 1, start, end, end + 1].map((ms) => isWithin(range, ms))).toEqual([false, true, true, false]);
  expect(isWithin({ start: range.start }, Number.MAX_SAFE_INTEGER)).toBe(true);
});
