import { LAYOUT } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { keepNamesOutside, lossesOfEach } from '../scene/losses.ts';
import { momentsOf } from '../scene/moments.ts';
import { powerCuts } from '../scene/power-cut.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

/** Two openings that end in a kill: each leaves segments behind, of which the next one removes some. */
async function lives(scene: Scene): Promise<void> {
  for (const batches of [1, 9]) {
    const life = await scene.start();
    for (let sent = 0; sent < batches; sent++) await scene.send(life);
    await scene.pause(700);
    await scene.send(life);
    // What is published is let go of.
    await scene.pause(50);
    scene.machine.kill();
  }
}

test(
  'whichever of the removed segments a power loss brings back, nothing is lost, and nothing comes twice',
  async () => {
    const scene = await Scene.withKilledLog(3, settings(2));
    const removals = await momentsOf(scene, lives, ({ kind, path }) => kind === 'unlink' && path.includes('/wal/'));
    expect(removals.length).toBeGreaterThan(6);
    const trials: Trial[] = [];
    for (const moment of removals) {
      const { disk } = moment.scene;
      keepNamesOutside(disk, LAYOUT.wal);
      trials.push(...powerCuts([moment], lossesOfEach(disk)));
    }
    const outcome = await tryAll(trials);
    expect(outcome).toEqual(allWell(outcome));
  },
  TIMEOUT_MS,
);
