import { beforeAll, expect, test } from 'vitest';
import { describeOwner } from '../directory/owner.ts';
import { Oracle, ROOT } from '../faults/oracle.ts';
import { LIMITS, runLog } from '../faults/run-log.ts';
import { LOG_ID, ORIGIN } from '../faults/test-key.ts';
import { inspectPosixDirectory } from '../inspect-posix-directory.ts';
import { openPosixStore } from '../open-posix-store.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';

/** More than there is memory for: whoever asks for all of it fails in a way of its own. */
const HUGE = 2 ** 40;
const SEGMENT = '.state/wal/00000001-00000000';

let image: SimulatedDisk;

beforeAll(async () => {
  const disk = new SimulatedDisk();
  const run = await runLog(disk, disk.process(), 1, new Oracle());
  await run.add(0, 2);
  await run.close();
  image = disk;
});

function lengthened(path: string): SimulatedDisk {
  const disk = image.clone();
  disk.file(`${ROOT}/${path}`).truncate(HUGE);
  return disk;
}

async function open(disk: SimulatedDisk): Promise<void> {
  const identity = { origin: ORIGIN, logId: LOG_ID };
  const fs = disk.process();
  const store = await openPosixStore({
    fs,
    dir: ROOT,
    identity,
    ...simulatedWorld(2),
    mode: 'open',
    dedupe: false,
    limits: LIMITS,
  });
  await store.close();
}

test.each([
  ['.state/format.json', undefined],
  ['checkpoint', undefined],
  [SEGMENT, HUGE],
])('%s of a tebibyte is damage, and is not read to its end', async (path, offset) => {
  await expect(open(lengthened(path))).rejects.toMatchObject({ name: 'PosixError', code: 'corrupt', path, offset });
});

test.each(['.state/tree', '.state/floor', '.state/collected'])(
  'what follows the slots of %s is not read',
  async (path) => {
    const disk = lengthened(path);
    expect((await inspectPosixDirectory(ROOT, disk.process())).state?.signed?.size).toBe(2);
    await open(disk);
  },
);

test('whoever left a tebibyte of a name left none', async () => {
  const disk = lengthened('.state/owner.json');
  expect(await describeOwner(disk.process(), ROOT)).toBe('it left no name');
  await open(disk);
});

test('an identity and a checkpoint of a tebibyte are damage to whoever only looks, too', async () => {
  for (const path of ['.state/format.json', 'checkpoint']) {
    await expect(inspectPosixDirectory(ROOT, lengthened(path).process())).rejects.toMatchObject({
      code: 'corrupt',
      path,
    });
  }
});
