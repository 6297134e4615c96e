import { expect, test } from 'vitest';
import { ROOT } from '../../../machine/disk-view.ts';
import { KEEP_ALL, LOSE_ALL, someLosses } from '../scene/losses.ts';
import { momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, type Trial, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

/** Starts, takes entries in, alone and together, collects, and closes; unless it is killed on the way. */
async function life(scene: Scene): Promise<void> {
  const open = await scene.machine.start();
  if (open === undefined) return;
  await scene.send(open);
  await scene.sendMany(open, 3);
  await scene.pause(150);
  await scene.send(open);
  await scene.close(open);
}

test.each([
  ['half of what it is given', (bytes: number) => Math.ceil(bytes / 2)],
  ['all but one byte', (bytes: number) => Math.max(1, bytes - 1)],
  ['at most one block', (bytes: number) => Math.min(bytes, 4096)],
  ['at most a thousand bytes', (bytes: number) => Math.min(bytes, 1000)],
])('where every write takes %s, nobody notices', async (_, taken) => {
  for (const scene of [Scene.empty(settings(1)), await Scene.withKilledLog(3, settings(2))]) {
    scene.script = ({ kind, bytes = 0 }) => (kind === 'pwrite' ? { kind: 'short', bytes: taken(bytes) } : undefined);
    await scene.play(async () => {
      await life(scene);
      await scene.comeToRest();
    });
  }
});

test(
  'killed within any write, whatever a power loss keeps: nothing is lost',
  async () => {
    const image = await Scene.withKilledLog(3, settings(2));
    const writes = await momentsOf(image.copy(), life, ({ kind }) => kind === 'pwrite');
    const trials: Trial[] = [];
    for (const [at, { name }] of writes.slice(1, -1).entries()) {
      for (const loss of someLosses(1)) {
        if (loss === LOSE_ALL || loss === KEEP_ALL) continue;
        const run = async (): Promise<void> => {
          const scene = image.copy();
          let seen = 0;
          scene.script = ({ kind, bytes = 0 }) => {
            if (kind !== 'pwrite' || seen++ < at) return undefined;
            return seen === at + 1 ? { kind: 'short', bytes: Math.floor(bytes / 2) } : { kind: 'stop-before' };
          };
          await scene.play(async () => {
            await life(scene);
            scene.mend();
            await scene.losePower(loss.begin());
            await scene.comeToRest();
          });
        };
        trials.push({ name: `${name}: ${loss.name}`, run });
      }
    }
    const outcome = await tryAll(trials);
    expect(outcome).toEqual(allWell(outcome));
  },
  TIMEOUT_MS,
);

test.each(['tmp/segment-00000002-00000000', 'tree', 'floor', 'tmp/object-0', 'checkpoints/'])(
  'where a write to %s takes nothing, the log stops with a reason, and goes on at the next start',
  async (file) => {
    const scene = await Scene.withLog(3, settings(2));
    await scene.play(async () => {
      const open = await scene.start();
      scene.script = ({ kind, path }) =>
        kind === 'pwrite' && path.startsWith(`${ROOT}/.state/${file}`) ? { kind: 'short', bytes: 0 } : undefined;
      expect(await scene.send(open)).toEqual({ refused: 'outcome-unknown' });
      expect((await open.log.failed).code).toBe('storage-failed');
      scene.machine.kill();
      await scene.comeToRest();
    });
  },
);
