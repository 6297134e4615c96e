import { expect, test } from 'vitest';
import { momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, tryAll } from '../scene/trials.ts';

/** A log that was opened and closed without any entry: the segment of the opening that counts is empty. */
async function idleLog(): Promise<Scene> {
  const scene = await Scene.withLog(3, settings(2));
  await scene.play(async () => {
    await scene.close(await scene.start());
    await scene.losePower();
  });
  return scene;
}

/** A start that finds no room for its first segment, and makes some. */
async function startOnFullDisk(scene: Scene): Promise<void> {
  await scene.start();
}

test('an opening that found no room for its segment, killed at any change: the next one opens the log', async () => {
  const image = await idleLog();
  let refused = false;
  const moments = await momentsOf(image.copy(), startOnFullDisk);
  const outcome = await tryAll(
    moments.map(({ name }, at) => ({
      name,
      run: async () => {
        const scene = image.copy();
        let changes = 0;
        let full = true;
        scene.script = ({ kind, path }) => {
          if (changes++ === at) return { kind: 'stop-before' };
          if (!full || kind !== 'create' || !path.includes('/segment-')) return undefined;
          full = false;
          refused = true;
          return { kind: 'error', errno: 'ENOSPC' };
        };
        await scene.play(async () => {
          await scene.machine.start();
          scene.machine.kill();
          await scene.comeToRest();
        });
      },
    })),
  );
  expect(outcome).toEqual(allWell(outcome));
  expect(refused).toBe(true);
});
