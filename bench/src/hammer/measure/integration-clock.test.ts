import { expect, test } from 'vitest';
import { IntegrationClock } from './integration-clock.ts';
import { Latency } from './latency.ts';

test('an entry is integrated when the first checkpoint that covers it is read, before its answer or after', () => {
  const clock = new IntegrationClock();
  clock.published(10, 0);
  clock.accepted(11, 100);
  clock.published(11, 150);
  expect(clock.latency.summary()).toBeUndefined();
  clock.published(14, 200);
  clock.published(20, 900);
  expect(clock.latency.summary()).toMatchObject({ count: 1, max: 100 });
  clock.accepted(13, 150);
  expect(clock.latency.summary()).toMatchObject({ count: 2, mean: 75 });
});

test('an entry that was there before it was sent is none', () => {
  const clock = new IntegrationClock();
  clock.published(10, 5);
  clock.accepted(3, 100);
  expect(clock.latency.summary()).toBeUndefined();
});

test('a summary of known durations', () => {
  const latency = new Latency();
  for (let ms = 1; ms <= 1_000; ms++) latency.record(ms);
  const summary = latency.summary();
  expect(summary?.count).toBe(1_000);
  for (const [name, expected] of [
    ['p50', 500],
    ['p95', 950],
    ['p99', 990],
    ['max', 1_000],
    ['mean', 500.5],
  ] as const) {
    expect(Math.abs((summary?.[name] ?? 0) - expected) / expected).toBeLessThan(0.002);
  }
});
