import type { FsOperation } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import type { Life } from '../../../machine/machine.ts';
import { entry } from '../../../world/entries.ts';
import { momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;
const BLOCK = 4096;
/** Longer than the engine waits between two looks for room. */
const PATIENCE_MS = 500;

const needsRoom = ({ kind }: FsOperation): boolean => ['create', 'pwrite', 'mkdir', 'link', 'truncate'].includes(kind);

/** A client that asks again while it is told that there is no room. */
async function insist(scene: Scene, life: Life, n: number): Promise<void> {
  for (let i = 0; i < 20; i++) {
    const { refused } = await scene.send(life, entry(n));
    if (refused === undefined) return;
    expect(['storage-full', 'pushback']).toContain(refused);
    await scene.pause(PATIENCE_MS / 4);
  }
  throw new Error(`entry ${n} is refused for ever`);
}

/** Starts, perhaps twice, and takes entries in, alone and together; collects, rolls, and closes. */
async function life(scene: Scene): Promise<void> {
  // An opening may say that there is no room; the next one finds some.
  const open = (await scene.machine.start()) ?? (await scene.start());
  const { sent } = scene;
  await insist(scene, open, sent);
  await Promise.all([1, 2, 3].map((more) => insist(scene, open, sent + more)));
  await scene.pause(150);
  await insist(scene, open, sent + 4);
  await insist(scene, open, sent + 5);
  await scene.pause(PATIENCE_MS);
  expect(open.log.status().unready).toBeUndefined();
  await scene.comeToRest(open);
}

test(
  'whichever change finds no room once: nobody starts the log again, everybody is answered, and nothing is lost',
  async () => {
    const image = await Scene.withKilledLog(3, settings(2));
    const changes = await momentsOf(image.copy(), life, needsRoom);
    const outcome = await tryAll(
      changes.slice(1, -1).map(({ name }, at) => ({
        name,
        run: async () => {
          const scene = image.copy();
          let seen = 0;
          scene.script = (operation) =>
            needsRoom(operation) && seen++ === at ? { kind: 'error', errno: 'ENOSPC' } : undefined;
          await scene.play(() => life(scene));
          expect(seen).toBeGreaterThan(at);
        },
      })),
    );
    expect(outcome).toEqual(allWell(outcome));
    expect(outcome.tried).toBeGreaterThan(80);
  },
  TIMEOUT_MS,
);

test.each(Array.from({ length: 14 }, (_, blocks) => blocks))(
  'a disk that is full but for %i blocks for a while: reads go on, and so does writing when there is room',
  async (blocks) => {
    const scene = await Scene.withLog(3, settings(2));
    await scene.play(async () => {
      const life = await scene.start();
      scene.disk.capacity = scene.disk.used + blocks * BLOCK;
      let refused = 0;
      for (let n = 0; n < 10; n++) {
        if (n === 5) await scene.pause(150);
        // While nothing can be published a client waits: it is not this one's turn to.
        const answer = await Promise.race([scene.send(life), scene.pause(PATIENCE_MS).then(() => undefined)]);
        if (answer?.index === undefined) refused += 1;
      }
      expect(refused).toBeGreaterThan(0);
      expect(life.log.status().unready).toContain('full');
      expect((await life.log.prove(2)).entry).toEqual(entry(2).data);
      scene.disk.capacity = Number.MAX_SAFE_INTEGER;
      await scene.pause(PATIENCE_MS);
      expect(life.log.status().unready).toBeUndefined();
      await scene.comeToRest(life);
    });
  },
);

test('a start on a disk that is full but for a few blocks opens, or says that it is full; and opens when there is room', async () => {
  const image = await Scene.withKilledLog(3, settings(2));
  const said = new Set<string>();
  for (let blocks = -12; blocks < 8; blocks++) {
    const scene = image.copy();
    scene.disk.capacity = scene.disk.used + blocks * BLOCK;
    await scene.play(async () => {
      const life = await scene.machine.start();
      said.add(life === undefined ? 'nothing' : String(life.log.status().unready !== undefined));
      scene.disk.capacity = Number.MAX_SAFE_INTEGER;
      if (life === undefined) return scene.comeToRest();
      await scene.pause(PATIENCE_MS);
      expect(life.log.status().unready).toBeUndefined();
      return scene.comeToRest(life);
    });
  }
  expect([...said].sort()).toEqual(['false', 'nothing', 'true']);
});
