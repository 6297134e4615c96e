import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asTreeSize } from '../bytes/index.ts';
import { CoreError } from '../core-error.ts';
import { EMPTY_ROOT } from '../hash/index.ts';
import { expectCode } from '../testing/index.ts';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { frozenLine, frozenLineOf } from './frozen-line.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

test('the line is the one of rekor-tiles, with the time as Go writes it', () => {
  expect(frozenLine(Date.UTC(2026, 7, 21, 7, 20, 57, 999))).toBe('Log frozen — Fri Aug 21 07:20:57 UTC 2026');
  expect(frozenLine(Date.UTC(2028, 1, 29, 23, 59, 59))).toBe('Log frozen — Tue Feb 29 23:59:59 UTC 2028');
  expect(frozenLine(Date.UTC(2027, 0, 3))).toBe('Log frozen — Sun Jan  3 00:00:00 UTC 2027');
  expect(frozenLine(0)).toBe('Log frozen — Thu Jan  1 00:00:00 UTC 1970');
});

test('the time is that of the platform, whenever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8_640_000_000_000_000 }), (ms) => {
      const date = new Date(ms);
      const [, month, clock] = /^\w+, \d+ (\w+) \d+ ([\d:]+) GMT$/.exec(date.toUTCString()) ?? [];
      const day = String(date.getUTCDate()).padStart(2);
      const expected = `${DAYS[date.getUTCDay()]} ${month} ${day} ${clock} UTC ${date.getUTCFullYear()}`;
      expect(frozenLine(ms)).toBe(`Log frozen — ${expected}`);
    }),
  );
});

test('it stands in a checkpoint, and is found there among others', () => {
  const line = frozenLine(1_800_000_000_000);
  const checkpoint = { origin: 'log.test', size: asTreeSize(0), root: EMPTY_ROOT };
  const read = parseCheckpoint(formatCheckpoint({ ...checkpoint, extensions: ['something', line] }));
  expect(frozenLineOf(read)).toBe(line);
  expect(frozenLineOf({ extensions: ['Log frozen', 'the Log frozen — of others'] })).toBeUndefined();
  expect(frozenLineOf({ extensions: [] })).toBeUndefined();
});

test('a time that is none is refused', () => {
  for (const ms of [-1, 0.5, Number.NaN, 2 ** 53]) expectCode(() => frozenLine(ms), CoreError, 'out-of-range');
});
