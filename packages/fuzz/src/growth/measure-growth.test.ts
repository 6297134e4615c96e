import { expect, test } from 'vitest';
import { MOST_GROWTH } from './growth-case.ts';
import { measureGrowth } from './measure-growth.ts';

const sumOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum;
};

test('what looks at each byte once is linear', () => {
  const { exponent, size, ms } = measureGrowth({
    name: 'linear',
    most: 400_000,
    make(length) {
      const bytes = new Uint8Array(length);
      return () => sumOf(bytes);
    },
  });
  expect(exponent).toBeLessThan(MOST_GROWTH);
  expect(exponent).toBeGreaterThan(0.7);
  expect([size, ms > 0]).toEqual([400_000, true]);
}, 20_000);

test('what looks at all the others for each is not', () => {
  const quadratic = {
    name: 'quadratic',
    most: 1_000,
    make(length: number) {
      const bytes = new Uint8Array(length);
      return () => bytes.map(() => sumOf(bytes));
    },
  };
  const { exponent } = measureGrowth(quadratic);
  expect(exponent).toBeGreaterThan(1.5);
}, 20_000);

test('nor does many MiB hide it', () => {
  const quadratic = {
    name: 'quadratic in its pages',
    most: 2 ** 24,
    make(length: number) {
      const pages = new Uint8Array(length / 4096);
      return () => pages.map(() => sumOf(pages));
    },
  };
  expect(measureGrowth(quadratic).exponent).toBeGreaterThan(1.5);
}, 20_000);
