import { expect, test } from 'vitest';
import { DatabaseClock } from './database-clock.ts';

function clockAt(start: number): { nowMs: number; monotonicMs(): number } {
  return {
    nowMs: start,
    monotonicMs() {
      return this.nowMs;
    },
  };
}

test('it knows nothing before it was told', () => {
  const clock = new DatabaseClock(clockAt(5));
  expect(clock.now()).toBeUndefined();
  clock.told(undefined);
  expect(clock.now()).toBeUndefined();
});

test('it goes on from the quickest answer', () => {
  const own = clockAt(100);
  const clock = new DatabaseClock(own);
  clock.told(1_000);
  own.nowMs = 150;
  expect(clock.now()).toBe(1_050);
  // An answer that took 30 ms on its way tells less than is known; one that was quicker tells more.
  clock.told(1_020);
  expect(clock.now()).toBe(1_050);
  clock.told(1_060);
  expect(clock.now()).toBe(1_060);
});

test('what is a minute old yields to what is new: clocks drift', () => {
  const own = clockAt(0);
  const clock = new DatabaseClock(own);
  clock.told(1_000);
  own.nowMs = 60_000;
  clock.told(60_900);
  expect(clock.now()).toBe(60_900);
});
