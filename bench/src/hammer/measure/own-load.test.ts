import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { OwnLoad } from './own-load.ts';

test('who never waits is the bottleneck', async () => {
  const load = new OwnLoad();
  await sleep(1);
  for (const until = performance.now() + 300; performance.now() < until; );
  // The loop counts as busy up to its next turn.
  expect(load.measure()).toMatchObject({ isBottleneck: true });
});

test('who waits is none', async () => {
  const load = new OwnLoad();
  await sleep(300);
  const { isBottleneck, busy, cores, machineBusy } = load.measure();
  expect(isBottleneck).toBe(false);
  for (const value of [busy, cores, machineBusy]) expect(value).toBeGreaterThanOrEqual(0);
  expect(busy).toBeLessThan(0.85);
});
