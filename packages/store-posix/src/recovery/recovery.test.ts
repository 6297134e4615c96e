import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { beforeAll, describe, expect, test } from 'vitest';
import { BLOCK } from '../directory/layout.ts';
import { Oracle, ROOT } from '../faults/oracle.ts';
import { entryData, LIMITS, runLog } from '../faults/run-log.ts';
import { LOG_ID, ORIGIN } from '../faults/test-key.ts';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixOptions, PosixStore } from '../posix-options.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import type { Fault } from '../testing/simulated-fault.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';
import { unsignedNote } from '../testing/unsigned-note.ts';

const STATE = `${ROOT}/.state`;
/** The only segment of the image that entries were appended to, and its records' offsets. */
const SEGMENT = `${STATE}/wal/00000001-00000000`;
const FIRST = BLOCK;
const SECOND = 2 * BLOCK;
const UNINTEGRATED = 3 * BLOCK;

let image: SimulatedDisk;

function open(disk: SimulatedDisk, changed: Partial<PosixOptions> = {}): Promise<PosixStore> {
  return openPosixStore({
    fs: disk.process(),
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...simulatedWorld(50),
    mode: 'open',
    dedupe: false,
    limits: LIMITS,
    ...changed,
  });
}

/** Two published appends of one entry each, and one that is sequenced only; then the process is killed. */
beforeAll(async () => {
  const disk = new SimulatedDisk();
  const process = disk.process();
  const run = await runLog(disk, process, 1, new Oracle());
  await run.add(0, 1);
  await run.add(1, 2);
  await run.store.sequence.append([entryData(2)], run.world.entropy.token(), new AbortController().signal);
  process.end();
  disk.powerLoss(0);
  image = disk;
});

async function sizes(store: PosixStore): Promise<readonly number[]> {
  const { tree, signed, next } = await store.sequence.head();
  const { batches } = await store.sequence.pending({ entries: 100, bytes: 1_000_000 });
  return [signed.size, tree.size, next, batches.flatMap((batch) => batch.entries).length];
}

test('what was there is there, and nothing was repaired', async () => {
  const store = await open(image.clone());
  expect(await sizes(store)).toEqual([2, 2, 3, 1]);
  expect(store.recovery).toEqual({ created: false, epoch: 2, size: 2, next: 3, repairs: [] });
});

describe('damage that stops the start', () => {
  const flip = (path: string, offset: number) => (disk: SimulatedDisk) =>
    disk.file(path).corrupt(offset, (byte) => byte ^ 1);
  const cut = (path: string, size: number) => (disk: SimulatedDisk) => {
    disk.file(path).truncate(size);
    disk.file(path).sync();
  };
  const remove = (path: string) => async (disk: SimulatedDisk) => {
    const process = disk.process();
    if (disk.find(path)?.kind === 'file') await process.unlink(path);
    else await process.rename(path, '/gone');
  };
  const put = (path: string, bytes: Uint8Array) => async (disk: SimulatedDisk) => {
    disk.file(path).truncate(0);
    disk.file(path).write(bytes, 0);
  };
  const note = (size: number, root: Hash = EMPTY_ROOT, origin = ORIGIN): Uint8Array =>
    unsignedNote(origin, { size: asTreeSize(size), root });
  const wal = '.state/wal/00000001-00000000';

  test.each([
    ['a bad record below the published size', flip(SEGMENT, FIRST + 50), 'corrupt', wal, FIRST],
    ['the last bad record below the published size', flip(SEGMENT, SECOND + 50), 'corrupt', wal, SECOND],
    ['a segment without a valid header', flip(SEGMENT, 9), 'corrupt', wal, 0],
    ['a segment cut off within its records', cut(SEGMENT, SECOND), 'corrupt', wal, SECOND],
    ['a segment cut off behind its records', cut(SEGMENT, UNINTEGRATED + BLOCK - 1), 'corrupt', wal, 4 * BLOCK - 1],
    ['an empty segment', cut(SEGMENT, 0), 'corrupt', wal, 0],
    ['a segment that is gone', remove(SEGMENT), 'half-log', '.state/wal', undefined],
    ['all segments gone', remove(`${STATE}/wal`), 'half-log', '.state/wal', undefined],
    ['no checkpoint', remove(`${ROOT}/checkpoint`), 'half-log', 'checkpoint', undefined],
    ['no tiles', remove(`${ROOT}/tile`), 'half-log', 'tile', undefined],
    ['no state', remove(STATE), 'foreign-log', '.state', undefined],
    ['no identity', remove(`${STATE}/format.json`), 'half-log', '.state/format.json', undefined],
    ['a damaged identity', cut(`${STATE}/format.json`, 20), 'corrupt', '.state/format.json', undefined],
    [
      'another origin in the identity',
      flip(`${STATE}/format.json`, 25),
      'identity-mismatch',
      '.state/format.json',
      undefined,
    ],
    ['a checkpoint that is none', put(`${ROOT}/checkpoint`, new Uint8Array(3)), 'corrupt', 'checkpoint', undefined],
    [
      "another log's checkpoint",
      put(`${ROOT}/checkpoint`, note(2, EMPTY_ROOT, 'other.example')),
      'identity-mismatch',
      'checkpoint',
      undefined,
    ],
    ['a checkpoint above the floor', put(`${ROOT}/checkpoint`, note(3)), 'corrupt', 'checkpoint', undefined],
    ['a checkpoint with another root', put(`${ROOT}/checkpoint`, note(2)), 'corrupt', 'checkpoint', undefined],
  ] as const)('%s', async (_, harm, code, path, offset) => {
    const disk = image.clone();
    await harm(disk);
    await expect(open(disk)).rejects.toMatchObject({ name: 'PosixError', code, path, offset });
    // Nothing was written, and nobody is locked out.
    await expect(open(disk)).rejects.toMatchObject({ code, path, offset });
  });

  test('a record of an earlier opening, but not one that the next has a copy of', async () => {
    const opened = image.clone();
    await (await open(opened)).close();
    for (const offset of [FIRST, SECOND]) {
      const disk = opened.clone();
      disk.file(SEGMENT).corrupt(offset + 50, (byte) => byte ^ 1);
      await expect(open(disk)).rejects.toMatchObject({ code: 'corrupt', path: wal, offset });
    }
    opened.file(SEGMENT).corrupt(UNINTEGRATED + 50, (byte) => byte ^ 1);
    expect(await sizes(await open(opened))).toEqual([2, 2, 3, 1]);
  });

  test('the only record of the only segment that is left', async () => {
    const disk = image.clone();
    const process = disk.process();
    const run = await runLog(disk, process, 2, new Oracle());
    for (let i = 5; i < 8; i++) await run.add(i, i + 1);
    process.end();
    for (const path of disk.files(`${STATE}/wal`)) {
      if (!path.endsWith('/00000002-00000001')) await disk.process().unlink(path);
    }
    const path = '.state/wal/00000002-00000001';
    expect((await open(disk.clone())).recovery.repairs).toEqual([]);
    disk.file(`${ROOT}/${path}`).corrupt(FIRST + 50, (byte) => byte ^ 1);
    await expect(open(disk)).rejects.toMatchObject({ code: 'corrupt', path, offset: FIRST });
  });

  test('both registers', async () => {
    const disk = image.clone();
    cut(`${STATE}/tree`, 0)(disk);
    cut(`${STATE}/floor`, 0)(disk);
    await expect(open(disk)).rejects.toMatchObject({ code: 'corrupt', path: '.state/tree' });
  });

  test('a damaged record before a valid one, though nothing of it was integrated', async () => {
    const disk = image.clone();
    const { sequence } = await open(disk);
    for (const i of [3, 4])
      await sequence.append([entryData(i)], simulatedWorld(i).entropy.token(), new AbortController().signal);
    disk.powerLoss(0);
    disk.file(`${STATE}/wal/00000002-00000000`).corrupt(SECOND + 50, (byte) => byte ^ 1);
    await expect(open(disk)).rejects.toMatchObject({
      code: 'corrupt',
      path: '.state/wal/00000002-00000000',
      offset: SECOND,
    });
  });

  test('an older copy of a register', async () => {
    for (const [name, path] of [
      ['tree', '.state/tree'],
      ['floor', 'checkpoint'],
    ] as const) {
      const disk = image.clone();
      const old = (await disk.process().readFile(`${STATE}/${name}`)) ?? new Uint8Array(0);
      const process = disk.process();
      const run = await runLog(disk, process, 2, new Oracle());
      await run.add(5, 6);
      process.end();
      await put(`${STATE}/${name}`, old)(disk);
      await expect(open(disk)).rejects.toMatchObject({ code: 'corrupt', path });
    }
  });

  test('the state of an older copy of the whole directory, beside newer segments', async () => {
    const disk = image.clone();
    const old = await Promise.all(['tree', 'floor'].map((name) => disk.process().readFile(`${STATE}/${name}`)));
    const checkpoint = await disk.process().readFile(`${ROOT}/checkpoint`);
    const process = disk.process();
    const run = await runLog(disk, process, 2, new Oracle());
    await run.add(5, 6);
    process.end();
    await put(`${STATE}/tree`, old[0] ?? new Uint8Array(0))(disk);
    await put(`${STATE}/floor`, old[1] ?? new Uint8Array(0))(disk);
    await put(`${ROOT}/checkpoint`, checkpoint ?? new Uint8Array(0))(disk);
    await expect(open(disk)).rejects.toMatchObject({ code: 'corrupt', path: '.state/wal/00000002-00000000' });
  });
});

describe('damage that is repaired, and said', () => {
  const repaired = async (disk: SimulatedDisk): Promise<[readonly number[], string[]]> => {
    const world = simulatedWorld(51);
    const store = await open(disk, world);
    const said = world.events.seen.map((event) => (event.type === 'repaired' ? event.path : event.type));
    expect(said).toEqual(store.recovery.repairs.map(({ path }) => path));
    return [await sizes(store), said];
  };

  test('a torn record above everything integrated is left behind', async () => {
    const disk = image.clone();
    disk.file(SEGMENT).corrupt(UNINTEGRATED + 50, (byte) => byte ^ 1);
    expect(await repaired(disk)).toEqual([[2, 2, 2, 0], ['.state/wal/00000001-00000000']]);
    // From then on it is known, and no longer worth a word.
    disk.powerLoss(0);
    expect(await repaired(disk)).toEqual([[2, 2, 2, 0], []]);
  });

  test('the index of a torn record is given out again, and stays given out', async () => {
    const disk = image.clone();
    disk.file(SEGMENT).corrupt(UNINTEGRATED + 50, (byte) => byte ^ 1);
    const { sequence } = await open(disk);
    expect(await sequence.append([entryData(9)], simulatedWorld(9).entropy.token(), new AbortController().signal)).toBe(
      2,
    );
    disk.powerLoss(0);
    const { batches } = await (await open(disk)).sequence.pending({ entries: 10, bytes: 1000 });
    expect(batches.map(({ first, entries }) => [first, ...entries])).toEqual([[2, entryData(9)]]);
  });

  test('a torn record at the start of a segment is known for one, also when its removal is undone', async () => {
    const disk = image.clone();
    const tearing = disk.process(({ kind, path }) =>
      kind === 'pwrite' && path.endsWith('/segment-00000002-00000001') && fourth ? tear() : undefined,
    );
    let fourth = false;
    let writes = 0;
    const tear = (): Fault => (writes++ === 0 ? { kind: 'short', bytes: BLOCK } : { kind: 'stop-before' });
    const { sequence } = await open(disk, { fs: tearing });
    const { entropy } = simulatedWorld(60);
    const never = new AbortController().signal;
    // The segment of this opening holds the copy of one record, and has room for two more.
    for (const i of [3, 4]) await sequence.append([entryData(i)], entropy.token(), never);
    fourth = true;
    await expect(sequence.append([new Uint8Array(6000).fill(1)], entropy.token(), never)).rejects.toThrow();
    disk.powerLoss(1);
    expect(await repaired(disk)).toEqual([[2, 2, 5, 3], ['.state/wal/00000002-00000001']]);
    expect(disk.find(`${STATE}/wal/00000002-00000001`)).toBeUndefined();
    disk.powerLoss(0);
    expect(disk.find(`${STATE}/wal/00000002-00000001`)).toBeDefined();
    expect(await repaired(disk)).toEqual([[2, 2, 5, 3], []]);
  });

  test.each(['tree', 'floor'])('one copy of the %s register', async (name) => {
    for (const slot of [0, 1]) {
      const disk = image.clone();
      disk.file(`${STATE}/${name}`).corrupt(slot * BLOCK + 30, (byte) => byte ^ 1);
      expect(await repaired(disk)).toEqual([[2, 2, 3, 1], [`.state/${name}`]]);
    }
  });

  test.each(['tree', 'floor'])('the whole %s register', async (name) => {
    for (const harm of ['cut', 'remove']) {
      const disk = image.clone();
      if (harm === 'cut') disk.file(`${STATE}/${name}`).truncate(0);
      else await disk.process().unlink(`${STATE}/${name}`);
      expect(await repaired(disk)).toEqual([[2, 2, 3, 1], [`.state/${name}`]]);
      disk.powerLoss(0);
      expect(await repaired(disk)).toEqual([[2, 2, 3, 1], []]);
    }
  });

  test('the collection cursor begins anew', async () => {
    const disk = image.clone();
    disk.file(`${STATE}/collected`).truncate(0);
    expect((await (await open(disk)).sequence.head()).collected).toBe(0);
  });
});

describe('what a recovery that did not finish leaves', () => {
  test('copies that nothing counts go', async () => {
    const disk = image.clone();
    const cut = disk.process(({ purpose }) => (purpose === 'tree-opened' ? { kind: 'stop-before' } : undefined));
    await expect(open(disk, { fs: cut })).rejects.toThrow();
    disk.powerLoss(0);
    expect(disk.files(`${STATE}/wal`)).toContain(`${STATE}/wal/00000002-00000000`);
    const store = await open(disk);
    expect(await sizes(store)).toEqual([2, 2, 3, 1]);
    expect(store.recovery.epoch).toBe(3);
    expect(disk.files(`${STATE}/wal`)).toEqual([SEGMENT, `${STATE}/wal/00000003-00000000`]);
  });

  test('a log that was made and has no checkpoint is finished, but not where a log must be', async () => {
    const disk = new SimulatedDisk();
    await (await open(disk, { mode: 'create' })).close();
    await expect(open(disk)).rejects.toMatchObject({ code: 'half-log', path: 'checkpoint' });
    expect((await open(disk, { mode: 'create' })).recovery.created).toBe(true);
    disk.powerLoss(1);
    expect((await open(disk, { mode: 'open-or-create' })).recovery.created).toBe(true);
  });

  test('a copy of a segment beside it, under a name that says the same, is not read', async () => {
    const disk = image.clone();
    const process = disk.process();
    const copy = await process.open(`${STATE}/wal/000000001-00000000`, 'create');
    await copy.pwrite((await process.readFile(SEGMENT)) ?? new Uint8Array(0), 0);
    expect(await sizes(await open(disk))).toEqual([2, 2, 3, 1]);
  });

  test('half-made state directories and temporary files go', async () => {
    const disk = image.clone();
    const process = disk.process();
    await process.mkdir(`${ROOT}/.state.new-12`, 0o700);
    await (await process.open(`${ROOT}/.state.new-12/tree`, 'create')).close();
    await (await process.open(`${STATE}/tmp/object-1`, 'create')).close();
    await (await open(disk)).close();
    expect(disk.find(`${ROOT}/.state.new-12`)).toBeUndefined();
    expect(disk.files(`${STATE}/tmp`)).toEqual([]);
  });
});

describe('where a log may be made', () => {
  test.each([
    ['open', 'not-a-log'],
    ['create', undefined],
    ['open-or-create', undefined],
  ] as const)('mode %s in an empty place', async (mode, code) => {
    const opened = open(new SimulatedDisk(), { mode });
    if (code === undefined) expect((await opened).recovery).toMatchObject({ created: true, size: 0, next: 0 });
    else await expect(opened).rejects.toMatchObject({ code });
  });

  test('not where one is', async () => {
    await expect(open(image.clone(), { mode: 'create' })).rejects.toMatchObject({ code: 'already-a-log' });
    expect((await open(image.clone(), { mode: 'open-or-create' })).recovery.created).toBe(false);
  });

  test.each(['checkpoint', 'tile', '.state'])('not where there is only %s', async (part) => {
    const disk = image.clone();
    for (const other of ['checkpoint', 'tile', '.state'].filter((name) => name !== part)) {
      await disk.process().rename(`${ROOT}/${other}`, `/${other}`);
    }
    const code = part === '.state' ? 'half-log' : 'foreign-log';
    for (const mode of ['open', 'create', 'open-or-create'] as const) {
      await expect(open(disk, { mode })).rejects.toMatchObject({ code });
    }
  });

  test('not on a file', async () => {
    const disk = new SimulatedDisk();
    await disk.process().mkdir('/srv', 0o755);
    await (await disk.process().open(ROOT, 'create')).close();
    await expect(open(disk, { mode: 'open-or-create' })).rejects.toMatchObject({ code: 'not-a-log' });
  });

  test('not by two at once: one makes it, the other is told', async () => {
    const disk = new SimulatedDisk();
    const both = await Promise.allSettled(
      [1, 2].map((seed) => open(disk, { ...simulatedWorld(seed), fs: disk.process(), mode: 'create' })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const one of both)
      if (one.status === 'rejected') expect(['already-a-log', 'locked']).toContain(one.reason.code);
  });
});

describe('whose log it is', () => {
  test('another origin, another key, other entries and a newer format are refused by name', async () => {
    const other = new Uint8Array(32).fill(1) as Uint8Array as Hash;
    await expect(open(image.clone(), { identity: { origin: 'b.example', logId: LOG_ID } })).rejects.toMatchObject({
      code: 'identity-mismatch',
      message: expect.stringContaining('b.example'),
    });
    await expect(open(image.clone(), { identity: { origin: ORIGIN, logId: other } })).rejects.toMatchObject({
      code: 'identity-mismatch',
      message: expect.stringContaining('01010101'),
    });
    await expect(
      open(image.clone(), { identity: { origin: ORIGIN, logId: LOG_ID, entries: 'raw' } }),
    ).rejects.toMatchObject({
      code: 'identity-mismatch',
      message: expect.stringContaining('holds Rekor entries, not raw entries'),
    });
    const disk = image.clone();
    disk.file(`${STATE}/format.json`).corrupt(10, () => '9'.charCodeAt(0));
    await expect(open(disk)).rejects.toMatchObject({
      code: 'format-newer',
      message: expect.stringContaining('format 9'),
    });
  });
});
