import { expect, test } from 'vitest';
import { WrittenChooser } from '../choice/written-chooser.ts';
import { Schedule } from './schedule.ts';

const BOUNDS = { steps: 1000, ms: 10_000 };
const A = { name: 'a' };
const B = { name: 'b' };

function plain(order: 'mixed' | 'sticky' = 'mixed', decisions: { at: number; answer: number }[] = []): Schedule {
  return new Schedule(new WrittenChooser(decisions), BOUNDS, order);
}

async function walk(schedule: Schedule, owner: { name: string }, seen: string[], steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) {
    await schedule.step(owner);
    seen.push(`${owner.name}${i}`);
  }
}

test('what nobody decides otherwise happens in order', async () => {
  const seen: string[] = [];
  const schedule = plain();
  await schedule.until(Promise.all([walk(schedule, A, seen, 2), walk(schedule, B, seen, 2)]));
  expect(seen).toEqual(['a0', 'b0', 'a1', 'b1']);
});

test('a process that sticks runs until it waits, or is interrupted', async () => {
  const seen: string[] = [];
  const schedule = plain('sticky');
  await schedule.until(Promise.all([walk(schedule, A, seen, 2), walk(schedule, B, seen, 2)]));
  expect(seen).toEqual(['a0', 'a1', 'b0', 'b1']);
  const interrupted: string[] = [];
  const other = plain('sticky', [{ at: 1, answer: 1 }]);
  await other.until(Promise.all([walk(other, A, interrupted, 2), walk(other, B, interrupted, 2)]));
  expect(interrupted).toEqual(['a0', 'b0', 'b1', 'a1']);
});

test('time passes when nothing else can happen, up to who wakes first', async () => {
  const schedule = plain();
  const woken: string[] = [];
  const sleeper = async (ms: number): Promise<void> => {
    await schedule.sleep(A, ms);
    woken.push(`${ms} at ${schedule.nowMs}`);
  };
  await schedule.until(Promise.all([sleeper(500), sleeper(20), sleeper(20)]));
  expect(woken).toEqual(['20 at 20', '20 at 20', '500 at 500']);
});

test('a signal ends a sleep', async () => {
  const schedule = plain();
  const stop = new AbortController();
  const sleeping = schedule.sleep(A, 5000, stop.signal);
  void schedule.step(B).then(() => stop.abort());
  await schedule.until(sleeping);
  expect(schedule.nowMs).toBe(0);
});

test('nothing that the dead wait for happens, and the stopped wait until they go on', async () => {
  const schedule = plain();
  const seen: string[] = [];
  void walk(schedule, A, seen, 2);
  schedule.forget(A);
  schedule.stop(B);
  const walking = walk(schedule, B, seen, 1);
  await schedule.until(schedule.sleep({}, 10));
  expect(seen).toEqual([]);
  schedule.goOn(B);
  await schedule.until(walking);
  expect(seen).toEqual(['b0']);
});

test('a run in which nothing can happen any more, or too much happens, is cut off', async () => {
  await expect(plain().until(new Promise(() => {}))).rejects.toThrow('nothing will ever happen');
  const schedule = plain();
  await expect(schedule.until(walk(schedule, A, [], 5000))).rejects.toThrow('still not done');
});
