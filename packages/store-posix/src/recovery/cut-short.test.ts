import { encodeUtf8 } from '@tilewright/core/bytes';
import type { SequenceStore } from '@tilewright/log/ports';
import { expect, test } from 'vitest';
import { Oracle, ROOT } from '../faults/oracle.ts';
import { LIMITS, runLog } from '../faults/run-log.ts';
import { LOG_ID, ORIGIN } from '../faults/test-key.ts';
import type { Fs } from '../fs/fs.ts';
import type { SyncPurpose } from '../fs/sync-purpose.ts';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixStore } from '../posix-options.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';

/** The first entry that was never answered: its record takes three blocks. */
const UNANSWERED = encodeUtf8('unanswered'.padEnd(9_000, '.'));
const AT = 2;

function open(fs: Fs, seed: number): Promise<PosixStore> {
  return openPosixStore({
    fs,
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...simulatedWorld(seed),
    mode: 'open',
    dedupe: false,
    limits: LIMITS,
  });
}

function append(sequence: SequenceStore, data: Uint8Array, seed: number): Promise<number> {
  return sequence.append([data], simulatedWorld(seed).entropy.token(), new AbortController().signal);
}

/** A process that is killed right before its first sync of this purpose. */
function killedBefore(disk: SimulatedDisk, purpose: SyncPurpose): Fs {
  return disk.process((operation) => (operation.purpose === purpose ? { kind: 'stop-before' } : undefined));
}

/** Two published entries, and a record behind them that its process wrote, was killed over, and never synced. */
async function killedInAppend(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const first = await runLog(disk, disk.process(), 1, new Oracle());
  await first.add(0, AT);
  await first.close();
  const { sequence } = await open(killedBefore(disk, 'segment-record'), 2);
  await expect(append(sequence, UNANSWERED, 3)).rejects.toThrow();
  return disk;
}

/** What is sequenced and not integrated. */
async function pending(disk: SimulatedDisk): Promise<readonly Uint8Array[]> {
  const { sequence } = await open(disk.process(), 4);
  const { batches } = await sequence.pending({ entries: 10, bytes: 100_000 });
  return batches.flatMap(({ entries }) => entries);
}

test('copies that outlived what they were made of are kept, though their recovery was cut short', async () => {
  const killed = await killedInAppend();
  await expect(open(killedBefore(killed, 'tree-opened'), 5)).rejects.toThrow();
  for (let seed = 0; seed < 30; seed++) {
    const disk = killed.clone();
    disk.powerLoss(seed);
    expect(await pending(disk)).toEqual([UNANSWERED]);
    disk.powerLoss(0);
    expect(await pending(disk)).toEqual([UNANSWERED]);
  }
});

test('a record that a recovery found whole in memory may be torn afterwards: its copy counts', async () => {
  const killed = await killedInAppend();
  await open(killed.process(), 5);
  for (let seed = 0; seed < 30; seed++) {
    const disk = killed.clone();
    disk.powerLoss(seed);
    expect(await pending(disk)).toEqual([UNANSWERED]);
  }
});

test('of a recovery that was cut short, whatever comes back says nothing against the one that was not', async () => {
  const killed = await killedInAppend();
  await expect(open(killedBefore(killed, 'segment-opened-dir'), 5)).rejects.toThrow();
  for (let seed = 0; seed < 60; seed++) {
    const disk = killed.clone();
    disk.powerLoss(seed);
    const { sequence } = await open(disk.process(), 6);
    const { next } = await sequence.head();
    expect(await append(sequence, encodeUtf8('answered'), 7)).toBe(next);
    disk.powerLoss(seed + 1);
    const expected = [...(next > AT ? [UNANSWERED] : []), encodeUtf8('answered')];
    expect(await pending(disk)).toEqual(expected);
  }
});

test('a segment with a torn end that comes back alone, when the one after it was removed too, is no damage', async () => {
  const [second, third] = [2, 3].map((epoch) => `${ROOT}/.state/wal/0000000${epoch}-00000000`) as [string, string];
  const killed = await killedInAppend();
  let torn = 0;
  for (let seed = 2; seed < 10; seed++) {
    const disk = killed.clone();
    disk.powerLoss(seed);
    const fs = disk.process();
    const segment = (await fs.readFile(second)) ?? new Uint8Array(0);
    for (const life of [0, 1]) {
      const run = await runLog(disk, disk.process(), 10 * seed + life, new Oracle());
      torn += run.store.recovery.repairs.length;
      await run.add(100 + life, 101 + life);
      await run.close();
    }
    // Both were removed, and of these changes power loss kept the later one.
    for (const path of [second, third]) if (disk.find(path) !== undefined) await fs.unlink(path);
    await (await fs.open(second, 'create')).pwrite(segment, 0);
    expect(await pending(disk)).toEqual([]);
  }
  expect(torn).toBeGreaterThan(0);
});
