import { expect, test } from 'vitest';
import type { Life } from '../../../machine/machine.ts';
import { entry } from '../../../world/entries.ts';
import { Scene, settings } from '../scene/scene.ts';

const PUBLISHED = 3;
/** Entries that the dedupe index may be behind. */
const LAG = 4;
const OPTIONS = settings(2, { dedupe: { maxLag: LAG, batch: 2, intervalMs: 10, recent: 2 } });
/** Longer than the follower waits before it tries again. */
const PATIENCE_MS = 200;

/** The dedupe index cannot be written from now on, and clients send new entries until they are refused. */
async function stall(scene: Scene, life: Life): Promise<void> {
  scene.dedupe.unwritable = true;
  for (let n = 0; n <= LAG; n++) expect(await scene.send(life)).toEqual({ index: PUBLISHED + n, duplicate: false });
  for (let n = 0; n < 3; n++) {
    expect(await scene.send(life, entry(100 + n))).toEqual({ refused: 'pushback' });
  }
}

/** Whoever asks again for what is not in the index yet is told where it is. */
async function expectDuplicates(scene: Scene, life: Life): Promise<void> {
  for (let n = 0; n <= LAG; n++) {
    expect(await scene.send(life, entry(PUBLISHED + n))).toEqual({ index: PUBLISHED + n, duplicate: true });
  }
}

test('an index that cannot be written for a minute: new entries are refused, known ones keep their place, and all goes on', async () => {
  const scene = await Scene.withLog(PUBLISHED, OPTIONS);
  await scene.play(async () => {
    const life = await scene.start();
    await stall(scene, life);
    await expectDuplicates(scene, life);
    expect(life.log.status().unready).toContain(`the dedupe index is ${LAG + 1} entries behind`);
    await scene.pause(60_000);
    expect(await scene.send(life, entry(100))).toEqual({ refused: 'pushback' });
    await expectDuplicates(scene, life);
    scene.dedupe.unwritable = false;
    await scene.pause(PATIENCE_MS);
    expect(life.log.status()).toMatchObject({ unready: undefined, dedupeLag: 0 });
    await expectDuplicates(scene, life);
    await scene.comeToRest(life);
  });
});

test.each(['a kill', 'a power loss', 'a power loss that takes the whole index'])(
  '%s while the index cannot be written: the log opens only when everything is in it, and nothing is taken for new',
  async (crash) => {
    const stalled = await Scene.withLog(PUBLISHED, OPTIONS);
    await stalled.play(async () => {
      await stall(stalled, await stalled.start());
      if (crash === 'a kill') stalled.machine.kill();
      else await stalled.losePower();
    });
    const scene = crash.endsWith('index') ? stalled.copy() : stalled;
    await scene.play(async () => {
      scene.dedupe.unwritable = true;
      expect(await scene.machine.start()).toBeUndefined();
      scene.dedupe.unwritable = false;
      const life = await scene.start();
      await expectDuplicates(scene, life);
      await scene.comeToRest(life);
    });
  },
);
