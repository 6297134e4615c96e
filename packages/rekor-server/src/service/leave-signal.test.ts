import { expect, test } from 'vitest';
import { abortSignalOf, LeaveSignal } from './leave-signal.ts';

test('everyone who listens is told once, those who stopped listening are not', () => {
  const signal = new LeaveSignal();
  const told: string[] = [];
  const listeners = ['a', 'b', 'c', 'd'].map((name) => () => void told.push(name));
  for (const listener of listeners) signal.addEventListener('abort', listener);
  for (const at of [0, 2]) signal.removeEventListener('abort', listeners[at] ?? (() => undefined));
  expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
  signal.leave('canceled');
  signal.leave('deadline-exceeded');
  expect([signal.aborted, signal.reason, told]).toEqual([true, 'canceled', ['b', 'd']]);
});

test('one who comes when the first has left its place is told too', () => {
  const signal = new LeaveSignal();
  const told: string[] = [];
  const first = (): void => void told.push('first');
  signal.addEventListener('abort', first);
  signal.removeEventListener('abort', first);
  signal.addEventListener('abort', () => told.push('second'));
  signal.leave('canceled');
  expect(told).toEqual(['second']);
});

test('an AbortSignal of it aborts with it, or is aborted already', () => {
  const signal = new LeaveSignal();
  const before = abortSignalOf(signal);
  expect(before.aborted).toBe(false);
  signal.leave('deadline-exceeded');
  for (const { aborted, reason } of [before, abortSignalOf(signal)]) {
    expect([aborted, reason]).toEqual([true, 'deadline-exceeded']);
  }
});
