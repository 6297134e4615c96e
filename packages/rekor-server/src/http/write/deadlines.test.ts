import { expect, test } from 'vitest';
import { until } from '../../../testing/until.ts';
import { Deadlines } from './deadlines.ts';

test('only what is too old expires, once, and nothing that was answered', async () => {
  let now = 0;
  const expired: string[] = [];
  const item = (name: string) => ({ startedAt: now, expire: () => void expired.push(name) });
  const deadlines = new Deadlines(10, () => now);
  const answered = item('answered');
  deadlines.add(item('first'));
  deadlines.add(answered);
  now = 5;
  deadlines.add(item('later'));
  deadlines.remove(answered);
  now = 12;
  await until(() => expired.length > 0);
  expect(expired).toEqual(['first']);
  now = 15;
  await until(() => expired.length > 1);
  expect(expired).toEqual(['first', 'later']);
  deadlines.close();
});
