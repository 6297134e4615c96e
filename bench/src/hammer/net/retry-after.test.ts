import { expect, test } from 'vitest';
import type { Answer } from './answer-parser.ts';
import { pushbackMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const answer = (status: number, retryAfter?: string): Answer => ({
  status,
  headers: new Map(retryAfter === undefined ? [] : [['retry-after', retryAfter]]),
  body: Buffer.alloc(0),
  keepsAlive: true,
});

test.each([
  [503, '3', 3_000],
  [429, undefined, 1_000],
  [502, 'soon', 1_000],
  [504, 'Sat, 21 Nov 2026 12:00:05 GMT', 5_000],
  [503, 'Sat, 21 Nov 2026 11:00:00 GMT', 0],
])('%i with Retry-After %s waits %i ms', (status, retryAfter, expected) => {
  expect(pushbackMs(answer(status, retryAfter), NOW)).toBe(expected);
});

test.each([[200], [404], [500], [501]])('%i is no pushback', (status) => {
  expect(pushbackMs(answer(status, '3'), NOW)).toBeUndefined();
});
