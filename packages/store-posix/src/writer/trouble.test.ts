import { asTreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { tilePath } from '@tilewright/core/tiles';
import { hasCode } from '@tilewright/log';
import { describe, expect, test } from 'vitest';
import { drive } from '../faults/drive.ts';
import { Oracle, ROOT } from '../faults/oracle.ts';
import { entryData, LIMITS, runLog } from '../faults/run-log.ts';
import { LOG_ID, ORIGIN } from '../faults/test-key.ts';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixStore } from '../posix-options.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import type { Intercept } from '../testing/simulated-fault.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';

const world = simulatedWorld(3);
const never = new AbortController().signal;
const append = (store: PosixStore, i: number): Promise<number> =>
  store.sequence.append([entryData(i)], world.entropy.token(), never);

function open(disk: SimulatedDisk, intercept?: Intercept): Promise<PosixStore> {
  return openPosixStore({
    fs: disk.process(intercept),
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...world,
    mode: 'open-or-create',
    dedupe: false,
    limits: LIMITS,
  });
}

/** Appends until there is no room; the number of entries that were taken. */
async function fill(store: PosixStore): Promise<number> {
  for (let i = 0; i < 1000; i++) {
    try {
      await append(store, i);
    } catch (error) {
      expect(error).toMatchObject({ code: 'storage-full', reason: 'storage' });
      return i;
    }
  }
  throw new Error('the disk never filled up');
}

describe('a full disk', () => {
  test('takes nothing more in, gives the reserve back, and goes on by itself when there is room', async () => {
    const disk = new SimulatedDisk();
    const store = await open(disk);
    expect(disk.find(`${ROOT}/.state/reserve`)).toBeDefined();
    disk.capacity = disk.used + 3 * 4096;
    const taken = await fill(store);
    expect(disk.find(`${ROOT}/.state/reserve`)).toBeUndefined();
    // No index was lost or given twice over it.
    expect((await store.sequence.head()).next).toBe(taken);
    await expect(append(store, 0)).rejects.toMatchObject({ code: 'storage-full' });
    expect(await store.sequence.room()).toBe(false);
    // What is in can still be published, in the room that the reserve had.
    const path = tilePath({ level: 0, index: 0, width: 1 });
    expect(await store.objects.create(path, new Uint8Array(32))).toBe('created');
    disk.capacity = Number.MAX_SAFE_INTEGER;
    expect(await store.sequence.room()).toBe(true);
    expect(disk.find(`${ROOT}/.state/reserve`)).toBeDefined();
    expect(await append(store, 1)).toBe(taken);
    disk.powerLoss(0);
  });

  test('an object that does not fit leaves nothing behind, and fits later', async () => {
    const disk = new SimulatedDisk();
    const store = await open(disk);
    disk.capacity = disk.used - LIMITS.reserveBytes;
    const path = tilePath({ level: 0, index: 0, width: 256 });
    const bytes = new Uint8Array(6 * 4096);
    await expect(store.objects.create(path, bytes)).rejects.toMatchObject({ code: 'storage-full' });
    expect(disk.files(`${ROOT}/.state/tmp`)).toEqual([]);
    expect(await store.objects.read(path)).toBeUndefined();
    disk.capacity = Number.MAX_SAFE_INTEGER;
    expect(await store.objects.create(path, bytes)).toBe('created');
    await store.objects.sync();
  });

  test.each(['create', 'pwrite', 'mkdir', 'link', 'fdatasync'])(
    'an object that found no room at %s fits later',
    async (kind) => {
      const disk = new SimulatedDisk();
      let full = false;
      const store = await open(disk, (operation) => {
        const isObject = operation.path.includes('/tile') || operation.path.includes('/tmp/object');
        return full && isObject && operation.kind === kind ? { kind: 'error', errno: 'ENOSPC' } : undefined;
      });
      full = true;
      const path = tilePath({ level: 0, index: 0, width: 1 });
      await expect(store.objects.create(path, new Uint8Array(32))).rejects.toMatchObject({ code: 'storage-full' });
      expect(disk.files(`${ROOT}/.state/tmp`)).toEqual([]);
      full = false;
      expect(await store.objects.create(path, new Uint8Array(32))).toBe('created');
    },
  );

  test('where even prepared blocks need room, a refused record costs no index and no restart', async () => {
    const disk = new SimulatedDisk();
    let full = false;
    const store = await open(disk, ({ kind, path }) =>
      full && kind === 'pwrite' && path.includes('segment') ? { kind: 'error', errno: 'ENOSPC' } : undefined,
    );
    expect(await append(store, 0)).toBe(0);
    full = true;
    await expect(append(store, 1)).rejects.toMatchObject({ code: 'storage-full' });
    full = false;
    expect(await store.sequence.room()).toBe(true);
    expect(await append(store, 2)).toBe(1);
    const { batches } = await store.sequence.pending({ entries: 10, bytes: 1000 });
    expect(batches.flatMap(({ entries }) => entries)).toEqual([entryData(0), entryData(2)]);
    // Recovery reads the same.
    await store.objects.create(tilePath({ level: 0, index: 0, width: 1 }), new Uint8Array(32));
  });

  test('at the start, the reserve and what nobody needs make room for a small segment', async () => {
    const disk = new SimulatedDisk();
    const process = disk.process();
    const run = await runLog(disk, process, 1, new Oracle());
    await run.add(0, 3);
    process.end();
    disk.capacity = disk.used - 3 * 4096;
    const store = await open(disk);
    const { next, tree } = await store.sequence.head();
    expect([next, tree.size]).toEqual([3, 3]);
    // Reads go on; nothing is taken in before there is room.
    expect(await store.objects.read(tilePath({ level: 0, index: 0, width: 3 }))).toBeDefined();
    await expect(append(store, 9)).rejects.toMatchObject({ code: 'storage-full' });
    disk.capacity = Number.MAX_SAFE_INTEGER;
    expect(await store.sequence.room()).toBe(true);
    expect(await append(store, 9)).toBe(3);
  });

  test('at the start, without any room, says so', async () => {
    const disk = new SimulatedDisk();
    await (await open(disk)).close();
    disk.capacity = disk.used - LIMITS.reserveBytes - 2 * LIMITS.segmentBytes;
    await expect(open(disk)).rejects.toMatchObject({
      name: 'PosixError',
      code: 'full',
      message: expect.stringContaining('free some room'),
    });
  });

  test('the whole log rides it out: entries are refused, then taken again, and nothing is lost', async () => {
    const disk = new SimulatedDisk();
    const oracle = new Oracle();
    const run = await runLog(disk, disk.process(), 1, oracle);
    await run.add(0, 2);
    disk.capacity = disk.used;
    let refused = 0;
    for (let i = 2; i < 12; i++) {
      await run.add(i, i + 1).catch((error: unknown) => {
        expect(hasCode(error, 'storage-full', 'pushback')).toBe(true);
        refused += 1;
      });
    }
    expect(refused).toBeGreaterThan(0);
    expect(run.log.status().unready).toContain('full');
    expect((await run.log.prove(0)).entry).toEqual(entryData(0));
    disk.capacity = Number.MAX_SAFE_INTEGER;
    const { clock } = run.world;
    await drive(clock, clock.sleep(10_000, never));
    expect(run.log.status().unready).toBeUndefined();
    await run.add(20, 23);
    await run.close();
    oracle.checkRecovered(await oracle.checkPublished(disk));
  });
});

describe('a disk that fails', () => {
  test.each([
    ['pwrite', 'EIO'],
    ['fdatasync', 'EIO'],
    ['fdatasync', 'ENOSPC'],
    ['pwrite', 'EROFS'],
  ] as const)('a record whose %s fails (%s) ends the writing, and is never tried again', async (kind, errno) => {
    const disk = new SimulatedDisk();
    let failing = false;
    let tried = 0;
    const store = await open(disk, (operation) => {
      const isRecord = operation.path.endsWith('/segment-00000001-00000000');
      if (!failing || operation.kind !== kind || !isRecord) return undefined;
      tried += 1;
      return { kind: 'error', errno };
    });
    await append(store, 0);
    failing = true;
    await expect(append(store, 1)).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining(errno),
    });
    await expect(append(store, 2)).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(store.objects.sync()).rejects.toMatchObject({ code: 'storage-failed' });
    await expect(store.checkpoints.replace(new Uint8Array(1), 'absent')).rejects.toMatchObject({
      code: 'storage-failed',
    });
    expect(tried).toBe(1);
    expect((await store.sequence.head()).next).toBe(1);
    await store.close();
  });

  test.each([
    ['EROFS', 'read-only', 'read-only'],
    ['EACCES', 'io', 'may not write'],
    ['EIO', 'io', 'cannot be used'],
    ['EMFILE', 'io', 'cannot be used'],
  ])('%s at the start is a sentence that says what to do', async (errno, code, part) => {
    const disk = new SimulatedDisk();
    await (await open(disk)).close();
    for (const kind of ['lock', 'create'] as const) {
      const opened = open(disk, (operation) => (operation.kind === kind ? { kind: 'error', errno } : undefined));
      await expect(opened).rejects.toMatchObject({ name: 'PosixError', code, message: expect.stringContaining(part) });
    }
    await (await open(disk)).close();
  });

  test('a disk that turns read-only while the log runs stops it, and its readers go on', async () => {
    const disk = new SimulatedDisk();
    const store = await open(disk);
    const path = tilePath({ level: 0, index: 0, width: 1 });
    await store.objects.create(path, new Uint8Array(32));
    disk.readOnly = true;
    await expect(append(store, 0)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await store.objects.read(path)).toEqual(new Uint8Array(32));
    await expect(open(disk)).rejects.toMatchObject({ code: 'read-only' });
  });
});

test('what was closed takes nothing more', async () => {
  const store = await open(new SimulatedDisk());
  await store.close();
  await store.close();
  await expect(append(store, 0)).rejects.toMatchObject({ code: 'closing' });
  await expect(store.sequence.freeze(1)).rejects.toMatchObject({ code: 'closing' });
});

test('closing waits for what is under way, and begins nothing more', async () => {
  const disk = new SimulatedDisk();
  const store = await open(disk);
  const first = append(store, 0);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  const second = append(store, 1);
  const [, one, other] = await Promise.allSettled([store.close(), first, second]);
  expect(one).toEqual({ status: 'fulfilled', value: 0 });
  expect(other).toMatchObject({ status: 'rejected', reason: { code: 'closing' } });
  expect(disk.locks.size).toBe(0);
});

test('a batch larger than a segment gets a segment of its own', async () => {
  const disk = new SimulatedDisk();
  const store = await open(disk);
  const large = Array.from({ length: 20 }, (_, i) => new Uint8Array(3000).fill(i));
  expect(await append(store, 0)).toBe(0);
  expect(await append(store, 1)).toBe(1);
  expect(await store.sequence.append(large, world.entropy.token(), never)).toBe(2);
  expect(await append(store, 22)).toBe(22);
  const empty = { size: asTreeSize(0), root: EMPTY_ROOT };
  expect((await store.sequence.head()).tree).toEqual(empty);
  disk.powerLoss(0);
  await expect(open(disk)).rejects.toMatchObject({ code: 'half-log', path: 'checkpoint' });
});
