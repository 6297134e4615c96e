import { LAYOUT } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { ROOT } from '../../../machine/disk-view.ts';
import type { Script } from '../../../machine/machine.ts';
import { Scene, settings } from '../scene/scene.ts';

/** There is no room for anything in this file. */
function noRoomFor(name: string): Script {
  return ({ kind, path }) =>
    path === `${ROOT}/${name}` && (kind === 'pwrite' || kind === 'create')
      ? { kind: 'error', errno: 'ENOSPC' }
      : undefined;
}

test('where the collection cursor finds no room, the log goes on, and collects when there is room', async () => {
  const scene = await Scene.withLog(3, settings(2));
  await scene.play(async () => {
    const life = await scene.start();
    scene.script = noRoomFor(LAYOUT.collectedRegister);
    await scene.sendMany(life, 3);
    await scene.pause(300);
    expect(await scene.send(life)).toMatchObject({ index: 6 });
    expect(life.log.status().unready).toBeUndefined();
    const { collected } = await life.store.sequence.head();
    scene.script = undefined;
    await scene.pause(300);
    expect((await life.store.sequence.head()).collected).toBeGreaterThan(collected);
    await scene.comeToRest(life);
  });
});

test('where the mark of a frozen log finds no room, it is not frozen, goes on, and can be frozen later', async () => {
  const scene = await Scene.withLog(3, settings(2));
  await scene.play(async () => {
    const life = await scene.start();
    scene.script = noRoomFor(`${LAYOUT.temp}/frozen`);
    await expect(life.log.freeze()).rejects.toMatchObject({ code: 'storage-full' });
    expect(await scene.send(life)).toMatchObject({ index: 3 });
    scene.script = undefined;
    expect(await life.log.freeze()).toMatchObject({ already: false, publication: { tree: { size: 4 } } });
    expect(await scene.send(life)).toEqual({ refused: 'frozen' });
    await scene.losePower();
    expect((await scene.start()).log.status().frozen).toBe(true);
  });
});
