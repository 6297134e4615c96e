import { expect, test } from 'vitest';
import { Pacer } from './pacer.ts';

test('points come at the rate, in order', () => {
  const pacer = new Pacer(10, false, 1_000);
  expect([pacer.take(1_000), pacer.take(1_000), pacer.take(1_050)]).toEqual([1_000, 1_100, 1_200]);
});

test('points that were missed stay due, or are left out', () => {
  const [kept, skipped] = [new Pacer(10, true, 0), new Pacer(10, false, 0)];
  expect([kept.take(1_000), kept.take(1_000)]).toEqual([0, 100]);
  expect([skipped.take(1_000), skipped.take(1_000)]).toEqual([1_000, 1_100]);
});

test('a wait ends with the run', async () => {
  const pacer = new Pacer(0.001, false, performance.now());
  const end = new AbortController();
  await pacer.next(end.signal);
  const waiting = pacer.next(end.signal);
  end.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
