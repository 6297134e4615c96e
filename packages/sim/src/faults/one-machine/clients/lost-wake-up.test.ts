import { expect, test } from 'vitest';
import type { Chooser } from '../../../choice/chooser.ts';
import type { Life } from '../../../machine/machine.ts';
import { Schedule } from '../../../world/schedule.ts';
import { Scene, settings } from '../scene/scene.ts';

const BOUNDS = { steps: 5_000, ms: 10_000_000 };

/** Entries alone, together, and while others are on their way; everybody is answered. */
async function sendAll(scene: Scene, life: Life): Promise<void> {
  const answers = [await scene.send(life), ...(await scene.sendMany(life, 4))];
  const first = scene.send(life);
  await scene.schedule.step(scene);
  answers.push(...(await Promise.all([first, scene.send(life)])));
  expect(answers.map(({ index }) => index)).not.toContain(undefined);
  expect(answers).toHaveLength(7);
}

/** Picks what happens next by a rule of its own: the options are steps, the oldest first, and perhaps the next timer. */
function order(pick: (options: number, turn: number) => number): () => Chooser {
  return () => {
    let turn = 0;
    return { pick: (kind, options) => (kind === 'order' ? pick(options, turn++) : 0) };
  };
}

const ORDERS: readonly (readonly [string, () => Chooser])[] = [
  ['the oldest first', order(() => 0)],
  ['the latest first, three times of four', order((options, turn) => (turn % 4 === 3 ? 0 : options - 1))],
  ['the oldest and the latest in turn', order((options, turn) => (turn % 2 === 0 ? 0 : options - 1))],
  ['the one in the middle first', order((options) => Math.floor((options - 1) / 2))],
];

/** A clock on which everybody wakes late. */
class LateSchedule extends Schedule {
  override sleep(owner: object, ms: number, signal?: AbortSignal): Promise<void> {
    return super.sleep(owner, 10 * ms + 1000, signal);
  }
}

test.each(ORDERS)('whatever happens first, %s: everybody is answered', async (_, chooser) => {
  const scene = await Scene.withLog(3, settings(1), { schedule: new Schedule(chooser(), BOUNDS) });
  await scene.play(async () => {
    const life = await scene.start();
    await sendAll(scene, life);
    await scene.comeToRest(life);
  });
});

test.each(ORDERS)('where every sleep is late, and %s: everybody is answered', async (_, chooser) => {
  const scene = await Scene.withLog(3, settings(1), { schedule: new LateSchedule(chooser(), BOUNDS) });
  await scene.play(async () => {
    const life = await scene.start();
    await sendAll(scene, life);
    await scene.pause(1000);
    await scene.comeToRest(life);
  });
});

test('no hint ever arrives, and nobody waits for one', async () => {
  const scene = await Scene.withLog(3, settings(1));
  await scene.play(async () => {
    const life = await scene.start();
    const listening = new AbortController();
    let hints = 0;
    const heard = (async () => {
      for await (const _ of life.store.sequence.changes(listening.signal)) hints += 1;
    })();
    await sendAll(scene, life);
    listening.abort();
    await heard;
    expect(hints).toBe(0);
    await scene.comeToRest(life);
  });
});

test('a request that was announced and never comes holds nobody up for longer than the cadence', async () => {
  const options = settings(1);
  const scene = await Scene.withLog(3, options);
  await scene.play(async () => {
    const life = await scene.start();
    life.log.expect();
    for (let times = 0; times < 3; times++) {
      const before = scene.schedule.nowMs;
      await sendAll(scene, life);
      expect(scene.schedule.nowMs - before).toBeLessThanOrEqual(4 * options.publishIntervalMs);
    }
    await scene.comeToRest(life);
  });
});
