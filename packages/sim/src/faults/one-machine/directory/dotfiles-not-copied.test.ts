import { LogError } from '@tilewright/log';
import { PosixError } from '@tilewright/store-posix';
import { LAYOUT, SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { ROOT } from '../../../machine/disk-view.ts';
import { addPart, copyOf, isWithin, removePart } from '../scene/directory-parts.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;
const TOP: readonly string[] = [LAYOUT.checkpoint, LAYOUT.tiles, LAYOUT.state];

/** A copy of the log on a new machine, without what `left` says. */
async function copied(scene: Scene, left: (path: string) => boolean): Promise<Scene> {
  const disk = new SimulatedDisk();
  const files = [...copyOf(scene.disk)].filter(([path]) => !left(path));
  await addPart(disk, '', new Map(files));
  return new Scene({ disk, oracle: scene.oracle.clone(), options: scene.options, published: scene.sent });
}

test('a copy without its dot-files is refused by name, and nothing is made or changed in it', async () => {
  const scene = await copied(await Scene.withLog(3, settings(2)), (path) => path.startsWith('.'));
  const before = copyOf(scene.disk);
  const refusal = await scene.play(() => scene.refusal());
  expect(refusal).toMatchObject({ name: 'PosixError', code: 'foreign-log', path: LAYOUT.state });
  expect(String(refusal)).toContain(`copy again with ${LAYOUT.state}`);
  expect(copyOf(scene.disk)).toEqual(before);
});

test.each([1, 2, 3, 4, 5, 6].map((set) => TOP.filter((_, bit) => Math.floor(set / 2 ** bit) % 2 === 1)))(
  'of a copy, only %s is there (and %s): no log is made there',
  async (...parts) => {
    const whole = await Scene.withLog(3, settings(2));
    const scene = await copied(whole, (path) => !parts.some((part) => isWithin(path, part)));
    const refusal = await scene.play(() => scene.refusal());
    expect(refusal).toBeInstanceOf(PosixError);
    if (refusal instanceof PosixError) expect(['foreign-log', 'half-log']).toContain(refusal.code);
  },
);

test(
  'a copy without any single file of its state, or without its tiles: refused by name, or nothing is lost by it',
  async () => {
    const whole = await Scene.withKilledLog(7, settings(2));
    const state = whole.disk.files(`${ROOT}/${LAYOUT.state}`).map((path) => path.slice(ROOT.length + 1));
    const refused: string[] = [];
    const outcome = await tryAll(
      [...state, LAYOUT.wal, LAYOUT.checkpoints, LAYOUT.temp, LAYOUT.tiles].map((part) => ({
        name: part,
        run: async () => {
          const scene = whole.copy();
          await removePart(scene.disk, part);
          const after = scene.copy();
          const refusal = await scene.play(() => scene.refusal());
          if (refusal === undefined) return after.play(() => after.comeToRest());
          if (!(refusal instanceof PosixError) && !(refusal instanceof LogError)) throw refusal;
          expect(['half-log', 'corrupt']).toContain(refusal.code);
          refused.push(part);
        },
      })),
    );
    expect(outcome).toEqual(allWell(outcome));
    // The rest is made anew, or is of use only after damage.
    expect(refused.sort()).toEqual([LAYOUT.format, LAYOUT.wal, '.state/wal/00000002-00000000', LAYOUT.tiles]);
  },
  TIMEOUT_MS,
);
