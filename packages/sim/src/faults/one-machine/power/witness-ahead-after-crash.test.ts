import { BLOCK_SIZE, decodeSlot, type FsOperation, LAYOUT, type SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { fileBytes } from '../../../machine/disk-view.ts';
import { LOG_ID } from '../../../world/log-key.ts';
import { keepNames, lossesOfEach } from '../scene/losses.ts';
import { momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

/** The size that may have been signed, as far as the disk knows. */
function floorOn(disk: SimulatedDisk): number {
  const bytes = fileBytes(disk, LAYOUT.floorRegister) ?? new Uint8Array(0);
  const slots = [bytes.subarray(0, BLOCK_SIZE), bytes.subarray(BLOCK_SIZE)];
  return Math.max(...slots.map((slot) => decodeSlot('floor', LOG_ID, slot)?.tree.size ?? -1));
}

/** Takes in three entries at once. */
async function oneAdd(scene: Scene): Promise<void> {
  await scene.sendMany(await scene.start(), 3);
}

test(
  'a size that was signed and not published is published by the next start, or a larger one, before anybody asks',
  async () => {
    const published = 3;
    let raised = false;
    // From the moment at which the signature may leave: a witness could have seen it.
    const isSigned = ({ purpose }: FsOperation): boolean => {
      raised ||= purpose === 'floor-raised';
      return raised;
    };
    const moments = await momentsOf(await Scene.withLog(published, settings(2)), oneAdd, isSigned);
    const trials: Trial[] = [];
    for (const { name, scene } of moments.slice(1)) {
      // Temporary files belong to nobody after a crash.
      keepNames(scene.disk, LAYOUT.temp);
      for (const loss of [undefined, ...lossesOfEach(scene.disk)]) {
        const run = async (): Promise<void> => {
          const after = scene.copy();
          await after.play(async () => {
            if (loss !== undefined) await after.losePower(loss.begin());
            expect(floorOn(after.disk)).toBe(published + 3);
            const life = await after.start();
            expect(life.log.published().tree.size).toBeGreaterThanOrEqual(published + 3);
            await after.comeToRest(life);
          });
        };
        trials.push({ name: `${name}: ${loss?.name ?? 'killed'}`, run });
      }
    }
    const outcome = await tryAll(trials);
    expect(outcome).toEqual(allWell(outcome));
  },
  TIMEOUT_MS,
);
