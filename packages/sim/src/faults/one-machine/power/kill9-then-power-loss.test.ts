import { expect, test } from 'vitest';
import { LOSE_ALL } from '../scene/losses.ts';
import { type Moment, momentsOf } from '../scene/moments.ts';
import { powerCuts } from '../scene/power-cut.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

async function oneAdd(scene: Scene): Promise<void> {
  await scene.send(await scene.start());
}

async function nextStart(scene: Scene): Promise<void> {
  await scene.start();
}

test(
  'killed after every change, and power lost after every change of the start that follows: nothing is lost',
  async () => {
    const moments: Moment[] = [];
    for (const killed of await momentsOf(await Scene.withLog(3, settings(2)), oneAdd)) {
      // What a power loss leaves when it keeps nothing changes with syncs alone.
      const start = await momentsOf(killed.scene.copy(), nextStart, ({ purpose }) => purpose !== undefined);
      for (const { name, ...moment } of start) {
        moments.push({ ...moment, name: `killed at ${killed.name}; the next start at ${name}` });
      }
    }
    const outcome = await tryAll(powerCuts(moments, [LOSE_ALL]));
    expect(outcome).toEqual(allWell(outcome));
    expect(outcome.tried).toBeGreaterThan(60);
  },
  TIMEOUT_MS,
);
