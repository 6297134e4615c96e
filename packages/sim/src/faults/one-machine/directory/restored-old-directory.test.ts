import { LogError } from '@tilewright/log';
import { PosixError } from '@tilewright/store-posix';
import { LAYOUT } from '@tilewright/store-posix/testing';
import { describe, expect, test } from 'vitest';
import { addPart, copyOf, type DirectoryCopy, removePart, replacePart } from '../scene/directory-parts.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;
/** What a copy may be put back in. */
const PARTS = [LAYOUT.checkpoint, LAYOUT.tiles, LAYOUT.treeRegister, LAYOUT.floorRegister, LAYOUT.wal] as const;
/** What a refusal of parts that do not belong together is called. */
const BY_NAME = ['corrupt', 'half-log', 'fork'];

/** A log, a copy of its directory, and the log some entries later. */
async function oldAndNew(
  tileHeight: number,
  more: number,
  entries = 3,
): Promise<{ readonly old: DirectoryCopy; readonly now: Scene }> {
  const now = await Scene.withLog(entries, settings(tileHeight));
  const old = copyOf(now.disk);
  await now.play(async () => {
    const life = await now.start();
    for (let i = 0; i < more; i++) await now.send(life);
    await now.close(life);
    await now.losePower();
  });
  return { old, now };
}

/** The log refuses to open, and says what does not fit; or it opens, and holds everything that it ever promised. */
async function refusesOrHolds(scene: Scene): Promise<'refused' | 'opened'> {
  const after = scene.copy();
  const refusal = await scene.play(() => scene.refusal());
  if (refusal === undefined) {
    await after.play(() => after.comeToRest());
    return 'opened';
  }
  if (!(refusal instanceof PosixError) && !(refusal instanceof LogError)) throw refusal;
  expect(BY_NAME).toContain(refusal.code);
  return 'refused';
}

test('an older copy of the whole directory opens: nothing that is left tells that there was more', async () => {
  const { old, now } = await oldAndNew(2, 4);
  await removePart(now.disk, '');
  await addPart(now.disk, '', old);
  const { oracle, options } = await Scene.withLog(3, settings(2));
  const scene = new Scene({ disk: now.disk, oracle, options, published: 3 });
  await scene.play(() => scene.comeToRest());
});

describe.each([1, 2])('tiles of height %i', (tileHeight) => {
  test.each([
    ['replaced', replacePart],
    ['copied over', addPart],
  ] as const)(
    'whichever parts of an older copy are %s, while others are newer: refused, or nothing is lost by it',
    async (_, put) => {
      const trials: Trial[] = [];
      const seen = new Set<string>();
      for (const more of [1, 5]) {
        const { old, now } = await oldAndNew(tileHeight, more);
        for (let set = 1; set < 2 ** PARTS.length; set++) {
          const parts = PARTS.filter((_, bit) => Math.floor(set / 2 ** bit) % 2 === 1);
          const run = async (): Promise<void> => {
            const scene = now.copy();
            for (const part of parts) await put(scene.disk, part, old);
            // All of them put back is the older copy itself.
            if (put === replacePart && parts.length === PARTS.length) return;
            seen.add(await refusesOrHolds(scene));
          };
          trials.push({ name: `${more} entries later: ${parts.join(', ')}`, run });
        }
      }
      const outcome = await tryAll(trials);
      expect(outcome).toEqual(allWell(outcome));
      expect([...seen].sort()).toEqual(['opened', 'refused']);
    },
    TIMEOUT_MS,
  );

  test.each([1, 2, 3, 5])(
    'an older copy put over the directory %i entries later, with nothing removed: refused',
    async (more) => {
      const { old, now } = await oldAndNew(tileHeight, more);
      await addPart(now.disk, '', old);
      expect(await refusesOrHolds(now)).toBe('refused');
    },
  );

  // From four entries on, two at once would not even touch what one more has written, and fork the log unnoticed.
  test.each([1, 2, 3, 5].flatMap((more) => [3, 4].map((entries) => [more, entries] as const)))(
    'an older copy of everything but the tiles, which are those of %i entries more than %i: refused',
    async (more, entries) => {
      const { old, now } = await oldAndNew(tileHeight, more, entries);
      await replacePart(now.disk, LAYOUT.state, old);
      await replacePart(now.disk, LAYOUT.checkpoint, old);
      expect(await refusesOrHolds(now)).toBe('refused');
    },
  );
});
