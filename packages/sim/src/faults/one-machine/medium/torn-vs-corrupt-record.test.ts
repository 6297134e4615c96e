import { leafHash } from '@tilewright/core/hash';
import type { NewEntry } from '@tilewright/log';
import { BLOCK_SIZE, LAYOUT, type SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { ROOT } from '../../../machine/disk-view.ts';
import { everyLoss, keepNames } from '../scene/losses.ts';
import { momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;
/** The segment of the opening that the tests are about, and where its first record is. */
const SEGMENT = '.state/wal/00000002-00000000';
const RECORD = BLOCK_SIZE;

/** An entry whose record has so many blocks. */
function large(blocks: number): NewEntry {
  const data = new Uint8Array(blocks * BLOCK_SIZE - 200).fill(blocks);
  return { data, leafHash: leafHash(data) };
}

/** A block of a record is as if it had never been written. */
function wipe(disk: SimulatedDisk, offset: number): void {
  const file = disk.file(`${ROOT}/${SEGMENT}`);
  for (let at = offset; at < offset + BLOCK_SIZE; at++) file.corrupt(at, () => 0);
}

test(
  'a record torn by a power loss, whichever of its blocks are left, was promised to nobody: its index is given out again',
  async () => {
    const scene = await Scene.withLog(3, settings(2));
    const moments = await momentsOf(scene, async () => void (await scene.send(await scene.start(), large(3))));
    const written = moments.find(({ before }) => before?.purpose === 'segment-record');
    if (written === undefined) throw new Error('no record is written');
    const { disk } = written.scene;
    keepNames(disk, '', LAYOUT.state, LAYOUT.temp, LAYOUT.wal, LAYOUT.checkpoints);
    const trials: Trial[] = [];
    let torn = 0;
    for (const loss of everyLoss(disk)) {
      const run = async (): Promise<void> => {
        const after = written.scene.copy();
        await after.play(async () => {
          await after.losePower(loss.begin());
          const next = await after.start();
          const { repairs } = next.store.recovery;
          torn += repairs.length;
          for (const { path } of repairs) expect(path).toBe(SEGMENT);
          // Whole, its entry is in the log; torn, another one takes its place.
          const { index } = await after.send(next);
          expect(index).toBe(next.store.recovery.next);
          await after.comeToRest(next);
        });
      };
      trials.push({ name: loss.name, run });
    }
    const outcome = await tryAll(trials);
    expect(outcome).toEqual(allWell(outcome));
    // Of the eight sets of its three blocks, one is the record and one is nothing.
    expect(torn).toBe((6 / 8) * outcome.tried);
  },
  TIMEOUT_MS,
);

test.each([0, 1, 2])(
  'of a record that was answered, block %i is lost: the log does not open, and says where',
  async (block) => {
    const scene = await Scene.withLog(3, settings(2));
    await scene.play(async () => {
      const life = await scene.start();
      expect(await scene.send(life, large(3))).toMatchObject({ index: 3 });
      await scene.losePower();
      wipe(scene.disk, RECORD + block * BLOCK_SIZE);
      const refusal = { name: 'PosixError', code: 'corrupt', path: SEGMENT, offset: RECORD };
      expect(await scene.refusal()).toMatchObject(refusal);
      // It stays so however often it is tried.
      expect(await scene.refusal()).toMatchObject(refusal);
    });
  },
);

test('a record that nobody was answered for, with a whole one behind it, is no torn end: the log does not open, and says where', async () => {
  const scene = await Scene.withLog(3, settings(2));
  await scene.play(async () => {
    const life = await scene.start();
    scene.script = ({ kind, purpose, bytes }) => {
      // What comes while the first is made durable makes a record of its own.
      if (kind === 'pwrite' && bytes === 2 * BLOCK_SIZE) void scene.send(life);
      return purpose === 'object-dir' ? { kind: 'stop-before' } : undefined;
    };
    expect(await scene.send(life, large(2))).toEqual({});
    await scene.losePower();
    scene.script = undefined;
    wipe(scene.disk, RECORD + BLOCK_SIZE);
    const refusal = { name: 'PosixError', code: 'corrupt', path: SEGMENT, offset: RECORD };
    expect(await scene.refusal()).toMatchObject(refusal);
  });
});
