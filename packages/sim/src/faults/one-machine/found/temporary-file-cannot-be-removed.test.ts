import type { FsOperation } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import type { Script } from '../../../machine/machine.ts';
import { Scene, settings } from '../scene/scene.ts';

const isObject = ({ path }: FsOperation): boolean => path.includes('/.state/tmp/object-');

/** There is no room for an object, and what was written of it cannot be removed. */
const noRoomAndNoWayOut: Script = (operation) => {
  if (!isObject(operation)) return undefined;
  if (operation.kind === 'pwrite') return { kind: 'error', errno: 'ENOSPC' };
  return operation.kind === 'unlink' ? { kind: 'error', errno: 'EIO' } : undefined;
};

test('the log stops, says why, and goes on at the next start', async () => {
  const scene = await Scene.withLog(3, settings(2));
  await scene.play(async () => {
    const life = await scene.start();
    scene.script = noRoomAndNoWayOut;
    expect(await scene.send(life)).toEqual({ refused: 'outcome-unknown' });
    expect(await life.log.failed).toMatchObject({ code: 'storage-failed', message: expect.stringContaining('EIO') });
    scene.machine.kill();
    await scene.comeToRest();
  });
});

test('an opening that meets it says so with a code', async () => {
  const scene = await Scene.withKilledLog(3, settings(2));
  scene.script = noRoomAndNoWayOut;
  await scene.play(async () => {
    expect(await scene.machine.start()).toBeUndefined();
    await scene.comeToRest();
  });
});
