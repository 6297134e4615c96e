import { asTreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import type { Version } from '@tilewright/log/ports';
import { expect, test } from 'vitest';
import { ROOT } from '../faults/oracle.ts';
import { LIMITS } from '../faults/run-log.ts';
import { LOG_ID, ORIGIN } from '../faults/test-key.ts';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixStore } from '../posix-options.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { type SimulatedWorld, simulatedWorld } from '../testing/simulated-world.ts';
import { unsignedNote } from '../testing/unsigned-note.ts';

/** The checkpoint of an empty log, signed once more. */
const note = (n: number): Uint8Array =>
  unsignedNote(ORIGIN, { size: asTreeSize(0), root: EMPTY_ROOT }, `signature ${n}`.repeat((n % 3) + 1));

function open(disk: SimulatedDisk, world: SimulatedWorld): Promise<PosixStore> {
  return openPosixStore({
    fs: disk.process(),
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...world,
    mode: 'open-or-create',
    dedupe: false,
    limits: LIMITS,
  });
}

test('whoever opened a checkpoint has five seconds to read it; then its file is used again', async () => {
  const disk = new SimulatedDisk();
  const world = simulatedWorld(1);
  const { checkpoints } = await open(disk, world);
  const reader = disk.process();
  let version: Version | 'absent' = 'absent';
  let files = 0;
  for (let n = 0; n < 600; n++) {
    const replaced = await checkpoints.replace(note(n), version);
    if (replaced === 'lost') throw new Error('nobody else writes');
    version = replaced;
    const opened = await reader.open(`${ROOT}/checkpoint`, 'read');
    const expected = note(n);
    void world.clock.sleep(4_900, new AbortController().signal).then(async () => {
      const bytes = new Uint8Array(expected.length + 1);
      expect(await opened.pread(bytes, 0)).toBe(expected.length);
      expect(bytes.subarray(0, expected.length)).toEqual(expected);
    });
    world.clock.advance(50);
    await Promise.resolve();
    files = Math.max(files, disk.files(`${ROOT}/.state/checkpoints`).length);
  }
  // 50 ms apart, 100 of them rest at any time.
  expect(files).toBeLessThan(110);
  expect(files).toBeGreaterThan(95);
});

test('after a restart the file that is the checkpoint is left alone', async () => {
  const disk = new SimulatedDisk();
  for (let life = 0; life < 4; life++) {
    const world = simulatedWorld(life);
    const store = await open(disk, world);
    world.clock.advance(60_000);
    const before = await store.checkpoints.read();
    const version = await store.checkpoints.replace(note(life), before?.version ?? 'absent');
    expect(version).not.toBe('lost');
    await store.close();
    const current = disk.find(`${ROOT}/checkpoint`);
    const names = disk.files(`${ROOT}/.state/checkpoints`).filter((path) => disk.find(path) === current);
    expect(names).toHaveLength(1);
  }
});
