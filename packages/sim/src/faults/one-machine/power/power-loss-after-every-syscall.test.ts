import { expect, test } from 'vitest';
import { someLosses } from '../scene/losses.ts';
import { momentsOf } from '../scene/moments.ts';
import { powerCuts } from '../scene/power-cut.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

/** Makes a log, takes an entry in, and stops. */
async function firstLife(scene: Scene): Promise<void> {
  const life = await scene.start();
  await scene.send(life);
  await scene.close(life);
}

/** Takes entries in, alone and together, over the ends of tiles and segments; collects and drops what is superseded; stops. */
async function fullLife(scene: Scene): Promise<void> {
  const life = await scene.start();
  await scene.send(life);
  await scene.sendMany(life, 3);
  await scene.pause(150);
  await scene.send(life);
  await scene.pause(700);
  await scene.send(life);
  await scene.close(life);
}

test.each([
  ['is made', async () => Scene.empty(settings(1)), firstLife, 80],
  ['goes on after a crash', () => Scene.withKilledLog(3, settings(2)), fullLife, 150],
] as const)(
  'after every change of the disk while a log %s, whatever a power loss keeps, no promise is broken and all goes on',
  async (_, scene, life, atLeast) => {
    const moments = await momentsOf(await scene(), life);
    const outcome = await tryAll(powerCuts(moments, someLosses(1)));
    expect(outcome).toEqual(allWell(outcome));
    expect(outcome.tried).toBeGreaterThan(atLeast);
  },
  TIMEOUT_MS,
);

test('the full life recovers, rolls, collects partials and drops segments', async () => {
  const moments = await momentsOf(await Scene.withKilledLog(3, settings(2)), fullLife);
  const changes = moments.map(({ after }) => `${after?.kind} ${after?.path}`);
  const count = (what: RegExp): number => changes.filter((change) => what.test(change)).length;
  expect(count(/^rename .*\/wal\//)).toBeGreaterThan(1);
  expect(count(/^unlink .*\/wal\//)).toBeGreaterThan(1);
  expect(count(/^rmdir .*\/tile\//)).toBeGreaterThan(1);
  expect(count(/^pwrite .*\/collected$/)).toBeGreaterThan(0);
  // The copy of what was not in the tree: header, records, zeros.
  expect(count(/^pwrite .*\/segment-00000003-00000000$/)).toBeGreaterThan(2);
});
