import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test.each([
  ['0', 0],
  ['250ms', 250],
  ['20s', 20_000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['1.s', 1000],
  ['1h2m3s4ms', 3_723_004],
  ['500us', 0.5],
  ['500µs', 0.5],
  ['2000000ns', 2],
  ['-1s', -1000],
  ['+1s', 1000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBeCloseTo(ms, 9);
});

test.each([
  '',
  '20',
  '1d',
  's',
  '1 s',
  '1s ',
  '1e3s',
  '--1s',
  '1s-1s',
  '.s',
  '١s',
  '1h '.repeat(40),
  `${'9'.repeat(62)}h1`,
])('%j is refused', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
