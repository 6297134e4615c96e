import type { Log, Receipt } from '@tilewright/log';
import { emptyMemoryState } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { entry, openCountedLog } from './counted-log.ts';
import { countedPorts, type PortCounts } from './counted-ports.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** Replicas of one log on one store in memory, on one clock, as they run on Spanner and Cloud Storage. */
async function openReplicas(
  count: number,
): Promise<{ readonly time: VirtualTime; readonly logs: Log[]; readonly counts: PortCounts[] }> {
  const time = virtualTime();
  const state = emptyMemoryState();
  const logs: Log[] = [];
  const counts: PortCounts[] = [];
  for (let i = 0; i < count; i++) {
    const counted = countedPorts(state, time.clock);
    counts.push(counted.counts);
    let isOpen = false;
    const opening = openCountedLog(counted.ports, time.clock).finally(() => {
      isOpen = true;
    });
    while (!isOpen) await time.pass(10);
    logs.push(await opening);
  }
  return { time, logs, counts };
}

function forget(counts: readonly PortCounts[]): void {
  for (const one of counts) {
    one.created.length = 0;
    one.checkpoints = 0;
    one.heads = 0;
  }
}

const ABOVE_THE_LOWEST = /^tile\/[1-9]/;

/** One entry a second for ten minutes, each at the next replica: what was stored. */
async function tenMinutes(
  replicas: number,
): Promise<{ readonly created: readonly string[]; readonly checkpoints: number; readonly upper: number }> {
  const { time, logs, counts } = await openReplicas(replicas);
  forget(counts);
  const receipts: Promise<Receipt>[] = [];
  for (let i = 0; i < 600; i++) {
    const log = logs[i % logs.length];
    if (log !== undefined) receipts.push(log.add(entry(i)));
    await time.pass(1000);
  }
  await time.pass(3000);
  expect((await Promise.all(receipts)).map(({ index }) => index)).toEqual(Array.from({ length: 600 }, (_, i) => i));
  const created = counts.flatMap((one) => one.created);
  const checkpoints = counts.reduce((sum, one) => sum + one.checkpoints, 0);
  // As often as the medium allows, and no more often.
  expect(checkpoints).toBeGreaterThan(500);
  expect(checkpoints).toBeLessThanOrEqual(Math.ceil(603 / 1.1) + 1);
  return { created, checkpoints, upper: created.filter((path) => ABOVE_THE_LOWEST.test(path)).length };
}

test('one entry a second for ten minutes: three objects a checkpoint, and one for each tile that became full', async () => {
  const { created, checkpoints, upper } = await tenMinutes(1);
  expect(upper).toBe(2);
  expect(created.length + checkpoints).toBeLessThanOrEqual(3 * checkpoints + upper);
});

test('the same on three replicas: one of them integrates for all, but for slots that two take for free', async () => {
  const { created, checkpoints } = await tenMinutes(3);
  expect(created.length + checkpoints).toBeLessThanOrEqual(3.4 * checkpoints);
});

test('integrations of 256 entries write no more than 0.02 objects an entry', async () => {
  const { time, logs, counts } = await openReplicas(1);
  const [log] = logs;
  if (log === undefined) throw new Error('no log');
  // From the middle of a tile on: each integration ends one bundle and begins another.
  const first = Array.from({ length: 100 }, (_, i) => log.add(entry(i)));
  await time.pass(3000);
  await Promise.all(first);
  forget(counts);
  const rounds = 20;
  for (let round = 0; round < rounds; round++) {
    const receipts = Array.from({ length: 256 }, (_, i) => log.add(entry(100 + round * 256 + i)));
    await time.pass(3000);
    await Promise.all(receipts);
  }
  const [count] = counts;
  expect(count?.checkpoints).toBe(rounds);
  expect((count?.created.length ?? 0) / (rounds * 256)).toBeLessThanOrEqual(0.02);
});

test.for([1, 3])('an idle replica of %i looks once a second, and does nothing else', async (replicas) => {
  const { time, logs, counts } = await openReplicas(replicas);
  const receipts = logs.map((log, i) => log.add(entry(i)));
  await time.pass(20_000);
  await Promise.all(receipts);
  forget(counts);
  await time.pass(3_600_000);
  for (const one of counts) {
    expect(one.heads).toBeLessThanOrEqual(3600);
    expect(one.created).toEqual([]);
    expect(one.checkpoints).toBe(0);
  }
});
