import { expect, test } from 'vitest';
import { ahead } from './ahead.ts';

test('results come in order however long each takes, with at most the limit under way', async () => {
  let underWay = 0;
  let most = 0;
  const results: number[] = [];
  const work = ahead(20, 4, async (i) => {
    most = Math.max(most, ++underWay);
    for (let turns = (i * 7) % 5; turns >= 0; turns--) await new Promise(setImmediate);
    underWay -= 1;
    return i;
  });
  for await (const result of work) results.push(result);
  expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(most).toBe(4);
});

test('a failure surfaces in its turn and nothing is started after it', async () => {
  const started: number[] = [];
  const work = ahead(100, 3, async (i) => {
    started.push(i);
    if (i === 1) throw new Error('broken');
    return i;
  });
  const results: number[] = [];
  const consume = async () => {
    for await (const result of work) results.push(result);
  };
  await expect(consume()).rejects.toThrow('broken');
  expect(results).toEqual([0]);
  expect(started.length).toBeLessThanOrEqual(5);
});

test('a consumer that stops starts nothing more', async () => {
  const started: number[] = [];
  for await (const _ of ahead(100, 2, async (i) => started.push(i))) break;
  expect(started).toEqual([0, 1]);
});
