import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { interruptSignal } from './interrupt.ts';

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(status: number): void {
    this.exits.push(status);
  }
}

test('the first signal fires, its echo through npm is nothing, the second ends the process', () => {
  const target = new FakeProcess();
  let now = 1000;
  const signal = interruptSignal(target, () => now);
  expect(signal.aborted).toBe(false);
  target.emit('SIGINT');
  expect(signal.aborted).toBe(true);
  now += 20;
  target.emit('SIGINT');
  expect(target.exits).toEqual([]);
  now += 1000;
  target.emit('SIGTERM');
  expect(target.exits).toEqual([1]);
});
