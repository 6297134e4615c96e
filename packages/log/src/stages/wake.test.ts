import { expect, test } from 'vitest';
import type { Clock } from '../ports/index.ts';
import { Wake } from './wake.ts';

/** A clock whose sleeps end when the test says so. */
function stoppedClock(): Clock & { readonly sleeps: number[]; ring(): void; called: number } {
  const bells: (() => void)[] = [];
  const sleeps: number[] = [];
  const clock = {
    sleeps,
    called: 0,
    ring: () => {
      for (const bell of bells.splice(0)) bell();
    },
    monotonicMs: () => 0,
    wallMs: () => 0,
    turn: () => Promise.resolve(),
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        sleeps.push(ms);
        bells.push(resolve);
        signal.addEventListener('abort', () => {
          clock.called += 1;
          resolve();
        });
      }),
  };
  return clock;
}

/** Whether `promise` is settled once everything that is ready has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let turn = 0; turn < 20; turn++) await undefined;
  return settled;
}

test('a wake before the wait is not lost, and many count once', async () => {
  const wake = new Wake();
  wake.wake();
  wake.wake();
  expect(await isSettled(wake.wait())).toBe(true);
  const second = wake.wait();
  expect(await isSettled(second)).toBe(false);
  wake.wake();
  expect(await isSettled(second)).toBe(true);
});

test('a wake between the release and the next wait is at worst one look too many', async () => {
  const wake = new Wake();
  let looks = 0;
  let work = 0;
  const loop = (async () => {
    while (work < 3) {
      looks += 1;
      await wake.wait();
    }
  })();
  for (let i = 0; i < 3; i++) {
    await undefined;
    work += 1;
    wake.wake();
  }
  expect(await isSettled(loop)).toBe(true);
  expect(looks).toBeLessThanOrEqual(4);
});

test('a bounded wait ends with the wake, and lets the clock go', async () => {
  const clock = stoppedClock();
  const wake = new Wake();
  const waiting = wake.waitAtMost(50, clock);
  expect(await isSettled(waiting)).toBe(false);
  expect(clock.sleeps).toEqual([50]);
  wake.wake();
  expect(await isSettled(waiting)).toBe(true);
  expect(clock.called).toBe(1);
});

test('a bounded wait ends with the clock, and the next wake belongs to the next wait', async () => {
  const clock = stoppedClock();
  const wake = new Wake();
  const waiting = wake.waitAtMost(50, clock);
  clock.ring();
  expect(await isSettled(waiting)).toBe(true);
  const next = wake.wait();
  expect(await isSettled(next)).toBe(false);
  wake.wake();
  expect(await isSettled(next)).toBe(true);
});

test.each([
  ['a wake is due', 50, true],
  ['there is no time left', 0, false],
  ['the time is over', -3, false],
])('a bounded wait does not sleep when %s', async (_, ms, due) => {
  const clock = stoppedClock();
  const wake = new Wake();
  if (due) wake.wake();
  expect(await isSettled(wake.waitAtMost(ms, clock))).toBe(true);
  expect(clock.sleeps).toEqual([]);
  expect(await isSettled(wake.wait())).toBe(false);
});
