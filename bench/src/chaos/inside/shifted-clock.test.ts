import { afterEach, expect, test } from 'vitest';
import { shiftClock } from './shifted-clock.ts';

const RealDate = Date;
afterEach(() => {
  globalThis.Date = RealDate;
});

test('now is shifted, in every form, and goes back', () => {
  let shift = 0;
  shiftClock(() => shift);
  const hour = 3_600_000;
  for (shift of [0, 5 * hour, -30 * hour, 0]) {
    const expected = RealDate.now() + shift;
    expect(Math.abs(Date.now() - expected)).toBeLessThan(1_000);
    expect(Math.abs(RealDate.parse(new Date().toISOString()) - expected)).toBeLessThan(1_000);
    expect(Math.abs(RealDate.parse(Date()) - expected)).toBeLessThan(2_000);
  }
});

test('a date that is given stays as it is', () => {
  shiftClock(() => 1e9);
  expect(new Date(5).getTime()).toBe(5);
  expect(new Date('2026-01-02T03:04:05Z').toISOString()).toBe('2026-01-02T03:04:05.000Z');
  expect(Date.UTC(2026, 0, 1)).toBe(RealDate.UTC(2026, 0, 1));
  expect(new Date()).toBeInstanceOf(Date);
  expect(new RealDate()).toBeInstanceOf(Date);
});
