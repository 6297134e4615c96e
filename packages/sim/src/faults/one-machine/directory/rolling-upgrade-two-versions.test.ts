import { encodeUtf8 } from '@tilewright/core/bytes';
import { LAYOUT } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { fileBytes } from '../../../machine/disk-view.ts';
import { copyOf, replacePart } from '../scene/directory-parts.ts';
import { Scene, settings } from '../scene/scene.ts';

// One format of the state has been written so far: there is no older one to open.

/** The directory says that a newer program wrote it. */
async function upgrade(scene: Scene): Promise<void> {
  const text = new TextDecoder().decode(fileBytes(scene.disk, LAYOUT.format));
  const newer = text.replace('"format":1,', '"format":2,');
  expect(newer).not.toBe(text);
  await replacePart(scene.disk, LAYOUT.format, new Map([[LAYOUT.format, encodeUtf8(newer)]]));
}

test('what a newer program wrote is refused by name, not touched, and goes on with the newer program', async () => {
  const scene = await Scene.withKilledLog(3, settings(2));
  const format = copyOf(scene.disk);
  await upgrade(scene);
  const before = copyOf(scene.disk);
  for (let times = 0; times < 2; times++) {
    expect(await scene.play(() => scene.refusal())).toMatchObject({
      name: 'PosixError',
      code: 'format-newer',
      path: LAYOUT.format,
      message: expect.stringContaining('format 2; this program knows formats up to 1'),
    });
    expect(copyOf(scene.disk)).toEqual(before);
  }
  await replacePart(scene.disk, LAYOUT.format, format);
  await scene.play(() => scene.comeToRest());
});

test('two programs take turns: the next one is kept out until the one before has ended, and begins a new opening', async () => {
  const scene = await Scene.withLog(3, settings(2));
  await scene.play(async () => {
    for (let turn = 0; turn < 3; turn++) {
      const life = await scene.start();
      expect(life.store.recovery.epoch).toBe(2 + turn);
      expect(await scene.send(life)).toMatchObject({ index: 3 + turn });
      expect(await scene.refusal()).toMatchObject({ code: 'locked' });
      await scene.close(life);
    }
    await scene.comeToRest();
  });
});

test('files that this program does not know are left where they are', async () => {
  const scene = await Scene.withLog(3, settings(2));
  const name = `${LAYOUT.state}/of-a-newer-program`;
  const stranger = new Map([[name, encodeUtf8('something')]]);
  await replacePart(scene.disk, name, stranger);
  await scene.play(() => scene.comeToRest());
  expect(copyOf(scene.disk).get(name)).toEqual(stranger.get(name));
});
