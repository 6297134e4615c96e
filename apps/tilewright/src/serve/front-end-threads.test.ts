import { expect, test } from 'vitest';
import { frontEndThreads } from './front-end-threads.ts';

function chosen(asked: number, processors: number, canShare = true) {
  const warned: string[] = [];
  const threads = frontEndThreads(asked, { warn: (message) => void warned.push(message) }, processors, canShare);
  return { threads, warned };
}

test.each([
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 3],
  [8, 7],
  [96, 8],
])('%i processors give %i threads', (processors, threads) => {
  expect(chosen(0, processors)).toEqual({ threads, warned: [] });
});

test('what was asked for counts, also on few processors', () => {
  expect(chosen(3, 1).threads).toBe(3);
  expect(chosen(1, 16).threads).toBe(1);
});

test('where ports cannot be shared there is one, and it says so when more were asked for', () => {
  expect(chosen(0, 16, false)).toEqual({ threads: 1, warned: [] });
  const { threads, warned } = chosen(4, 16, false);
  expect([threads, warned.length]).toEqual([1, 1]);
  expect(warned[0]).toContain('cannot share a port');
});
