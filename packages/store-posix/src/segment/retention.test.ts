import { expect, test } from 'vitest';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { Retention } from './retention.ts';

async function kept(
  limits: { maxAgeMs: number; maxBytes: number },
  ages: readonly number[],
  nowMs: number,
): Promise<string[]> {
  const disk = new SimulatedDisk();
  const fs = disk.process();
  const retention = new Retention(fs, '', limits);
  for (const [at, age] of ages.entries()) {
    await (await fs.open(`/${at}`, 'create')).close();
    retention.add(String(at), 10, age);
  }
  await retention.prune(nowMs);
  await retention.prune(nowMs);
  return disk.files('').map((path) => path.slice(1));
}

test('the newest released segments are kept, as many as fit', async () => {
  expect(await kept({ maxAgeMs: 1000, maxBytes: 35 }, [0, 0, 0, 0, 0], 0)).toEqual(['2', '3', '4']);
});

test('none is kept for longer than the limit', async () => {
  expect(await kept({ maxAgeMs: 1000, maxBytes: 1000 }, [0, 600, 1500], 1600)).toEqual(['1', '2']);
  expect(await kept({ maxAgeMs: 1000, maxBytes: 1000 }, [0, 600, 1500], 1601)).toEqual(['2']);
  expect(await kept({ maxAgeMs: 0, maxBytes: 0 }, [0, 0], 0)).toEqual([]);
});

test('a full disk takes them all', async () => {
  const disk = new SimulatedDisk();
  const fs = disk.process();
  const retention = new Retention(fs, '', { maxAgeMs: 1000, maxBytes: 1000 });
  await (await fs.open('/a', 'create')).close();
  retention.add('a', 10, 0);
  retention.add('gone', 10, 0);
  await retention.clear();
  await retention.prune(9999);
  expect(disk.files('')).toEqual([]);
});

test('a segment that is gone already is none', async () => {
  const disk = new SimulatedDisk();
  const retention = new Retention(disk.process(), '', { maxAgeMs: 0, maxBytes: 0 });
  retention.add('gone', 10, 0);
  await retention.prune(5);
  expect(disk.files('')).toEqual([]);
});
