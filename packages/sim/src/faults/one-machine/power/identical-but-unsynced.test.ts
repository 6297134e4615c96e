import type { SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { fileBytes, ROOT } from '../../../machine/disk-view.ts';
import { type Moment, momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';

async function oneAdd(scene: Scene): Promise<void> {
  await scene.send(await scene.start());
}

/** The moments at which a tile or bundle has just got its name, and nobody has synced that name. */
async function linked(): Promise<readonly Moment[]> {
  const isObject = ({ kind, path }: { kind: string; path: string }): boolean =>
    kind === 'link' && path.startsWith(`${ROOT}/tile/`);
  const moments = await momentsOf(await Scene.withLog(3, settings(1)), oneAdd, isObject);
  return moments.slice(1, -1);
}

/** The process is killed here. The next one publishes on what it finds; then power takes all that was not synced. */
async function publishOnWhatIsThere(scene: Scene): Promise<number> {
  let found = 0;
  scene.script = ({ purpose }) => {
    if (purpose === 'object-found') found += 1;
    return undefined;
  };
  await scene.play(async () => {
    const life = await scene.start();
    expect(life.log.published().tree.size).toBe(4);
    await scene.losePower();
    await scene.comeToRest();
  });
  return found;
}

test('objects that a killed process left without synced names are there to stay once something is published on them', async () => {
  const moments = await linked();
  expect(moments.length).toBeGreaterThan(3);
  for (const [at, { scene }] of moments.entries()) expect(await publishOnWhatIsThere(scene)).toBe(at + 1);
});

test('so are objects that somebody copied back without a sync, of which even the bytes are in memory only', async () => {
  const [{ scene } = { scene: undefined }] = (await linked()).slice(-1);
  if (scene === undefined) throw new Error('there is no such moment');
  const paths = scene.disk.files(`${ROOT}/tile`).filter((path) => scene.disk.durableBytes(path) === undefined);
  for (const path of paths) await copyBack(scene.disk, path);
  expect(await publishOnWhatIsThere(scene)).toBe(paths.length);
});

async function copyBack(disk: SimulatedDisk, path: string): Promise<void> {
  const bytes = fileBytes(disk, path.slice(ROOT.length + 1)) ?? new Uint8Array(0);
  const somebody = disk.process();
  await somebody.unlink(path);
  await (await somebody.open(path, 'create', 0o644)).pwrite(bytes, 0);
}
