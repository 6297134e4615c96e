import { LAYOUT } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { keepNames, lossesOfEach } from '../scene/losses.ts';
import { momentsOf } from '../scene/moments.ts';
import { powerCuts } from '../scene/power-cut.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

/** Adds over the end of a segment. */
async function adds(scene: Scene): Promise<void> {
  const life = await scene.start();
  await scene.send(life);
  await scene.send(life);
}

test.each([
  ['is made', async () => Scene.empty(settings(1)), ['.state', 'wal/00000001-00000000', 'checkpoint']],
  [
    'goes on',
    () => Scene.withLog(3, settings(1)),
    ['owner.json', 'wal/00000002-00000000', 'wal/00000002-00000001', 'checkpoint'],
  ],
] as const)(
  'while a log %s: whichever single piece a power loss takes or leaves around a rename, the log goes on',
  async (_, scene, renamed) => {
    const moments = await momentsOf(await scene(), adds, ({ kind }) => kind === 'rename');
    const names = moments.map(({ after }) => after?.path ?? '');
    for (const name of renamed) expect(names.filter((path) => path.endsWith(`/${name}`))).not.toEqual([]);
    const trials: Trial[] = [];
    for (const moment of moments) {
      const { disk } = moment.scene;
      // Temporary files belong to nobody after a crash.
      keepNames(disk, LAYOUT.temp);
      trials.push(...powerCuts([moment], lossesOfEach(disk)));
    }
    const outcome = await tryAll(trials);
    expect(outcome).toEqual(allWell(outcome));
  },
  TIMEOUT_MS,
);

test('a checkpoint whose rename is undone: the one before is shown, and the next start publishes as much again', async () => {
  const moments = await momentsOf(await Scene.withLog(3, settings(2)), adds, ({ kind, path }) => {
    return kind === 'rename' && path.endsWith('/checkpoint');
  });
  const renamed = moments.slice(1, -1);
  expect(renamed).toHaveLength(2);
  for (const [at, { scene }] of renamed.entries()) {
    await scene.play(async () => {
      expect(scene.oracle.shown).toBe(4 + at);
      await scene.losePower();
      expect(scene.oracle.shown).toBe(3 + at);
      const life = await scene.start();
      expect(life.log.published().tree.size).toBe(4 + at);
      await scene.comeToRest(life);
    });
  }
});
