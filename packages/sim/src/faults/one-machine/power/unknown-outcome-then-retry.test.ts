import { expect, test } from 'vitest';
import { entry } from '../../../world/entries.ts';
import { LOSE_ALL } from '../scene/losses.ts';
import { momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;
const PUBLISHED = 3;

async function oneAdd(scene: Scene): Promise<void> {
  await scene.send(await scene.start());
}

test(
  'whenever the answer is lost in a crash, those who ask again get one index, and the entry is in the log once',
  async () => {
    const moments = await momentsOf(await Scene.withLog(PUBLISHED, settings(2)), oneAdd);
    const trials: Trial[] = [];
    for (const { name, scene } of moments) {
      for (const loss of [undefined, LOSE_ALL]) {
        const run = async (): Promise<void> => {
          const after = scene.copy();
          const asked = entry(PUBLISHED);
          await after.play(async () => {
            if (loss !== undefined) await after.losePower(loss.begin());
            const life = await after.start();
            const known = life.log.status().next > PUBLISHED;
            const [other, first, second] = await Promise.all([
              after.send(life, entry(PUBLISHED + 1)),
              after.send(life, asked),
              after.send(life, asked),
            ]);
            expect(first.index).toBe(known ? PUBLISHED : PUBLISHED + 1);
            expect(first.duplicate).toBe(known);
            expect(second).toEqual({ index: first.index, duplicate: true });
            expect(other.index).toBe(known ? PUBLISHED + 1 : PUBLISHED);
            await after.comeToRest(life);
          });
        };
        trials.push({ name: `${name}: ${loss?.name ?? 'killed'}`, run });
      }
    }
    const outcome = await tryAll(trials);
    expect(outcome).toEqual(allWell(outcome));
  },
  TIMEOUT_MS,
);

test('a client who is told that nobody knows, because the log closed on it, finds its entry where it was put', async () => {
  const scene = await Scene.withLog(PUBLISHED, settings(2));
  await scene.play(async () => {
    // There is room for the record, and for nothing else.
    scene.script = ({ path }) => (path.includes('/object-') ? { kind: 'error', errno: 'ENOSPC' } : undefined);
    const life = await scene.start();
    const asked = entry(PUBLISHED);
    const answer = scene.send(life, asked);
    await scene.pause(50);
    expect(life.log.status()).toMatchObject({ next: PUBLISHED + 1, integrated: PUBLISHED });
    expect(await life.log.close({ timeoutMs: 100 })).toBe('timed-out');
    expect(await answer).toEqual({ refused: 'outcome-unknown' });
    scene.machine.kill();
    scene.mend();
    const next = await scene.start();
    expect(await scene.send(next, asked)).toEqual({ index: PUBLISHED, duplicate: true });
    await scene.comeToRest(next);
  });
});
