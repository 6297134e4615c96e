import { Gate } from '@tilewright/log';
import { expect, test } from 'vitest';
import { Mutex } from './mutex.ts';

/** A promise and the functions that settle it. */
function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  return Promise.withResolvers<void>();
}

test('a mutex runs one at a time, in order, and goes on after a failure', async () => {
  const mutex = new Mutex();
  const order: string[] = [];
  const first = deferred();
  const one = mutex.run(async () => {
    order.push('one begins');
    await first.promise;
    order.push('one ends');
  });
  const two = mutex.run(async () => {
    order.push('two');
  });
  await Promise.resolve();
  await Promise.resolve();
  expect(order).toEqual(['one begins']);
  first.reject(new Error('broken'));
  await expect(one).rejects.toThrow('broken');
  await two;
  await mutex.idle();
  expect(order).toEqual(['one begins', 'two']);
});

test('a gate lets so many through at a time, in order', async () => {
  const gate = new Gate(2);
  const begun: number[] = [];
  const waits = [0, 1, 2, 3].map(deferred);
  const runs = waits.map(({ promise }, at) =>
    gate.run(async () => {
      begun.push(at);
      await promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  waits[1]?.reject(new Error('broken'));
  await expect(runs[1]).rejects.toThrow('broken');
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of waits) resolve();
  await Promise.allSettled(runs);
  expect(begun).toEqual([0, 1, 2, 3]);
  await gate.run(async () => begun.push(4));
  expect(begun).toHaveLength(5);
});
