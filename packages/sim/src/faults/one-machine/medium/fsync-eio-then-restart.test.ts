import type { FsOperation } from '@tilewright/store-posix/testing';
import { describe, expect, test } from 'vitest';
import { momentsOf } from '../scene/moments.ts';
import { Scene, settings } from '../scene/scene.ts';
import { allWell, tryAll } from '../scene/trials.ts';

const TIMEOUT_MS = 60_000;

/** Starts, takes entries in, alone and together, over the end of a segment, and closes; whatever fails on the way. */
async function life(scene: Scene): Promise<void> {
  const open = await scene.machine.start();
  if (open === undefined) return;
  await scene.send(open);
  await scene.sendMany(open, 3);
  await scene.send(open);
  await scene.close(open);
}

/** A log of which two entries have indexes, and their tiles names that were not synced. */
async function killedLog(): Promise<Scene> {
  const scene = await Scene.withLog(3, settings(2));
  scene.script = ({ purpose }) => (purpose === 'object-dir' ? { kind: 'stop-before' } : undefined);
  await scene.play(async () => {
    await scene.sendMany(await scene.start(), 2);
    await scene.losePower(() => true);
  });
  scene.script = undefined;
  return scene;
}

/** The syncs of a life, in order. */
async function syncsOf(scene: Scene): Promise<readonly FsOperation[]> {
  const moments = await momentsOf(scene, life, ({ purpose }) => purpose !== undefined);
  return moments.flatMap(({ after }) => (after?.purpose === undefined ? [] : [after]));
}

/** The `at`th sync fails. Nobody is told anything after it, and nothing is signed; the next start makes good for it. */
async function failSync(scene: Scene, at: number): Promise<void> {
  let syncs = 0;
  let signed = 0;
  let told: { readonly answered: number; readonly signed: number } | undefined;
  const { oracle } = scene;
  const signing = oracle.signing.bind(oracle);
  oracle.signing = (...seen) => {
    signed += 1;
    signing(...seen);
  };
  scene.script = ({ purpose }) => {
    if (purpose === undefined || syncs++ !== at) return undefined;
    told = { answered: scene.answered, signed };
    return { kind: 'error', errno: 'EIO' };
  };
  await scene.play(async () => {
    await life(scene);
    expect({ answered: scene.answered, signed }).toEqual(told);
    scene.machine.kill();
    scene.mend();
    await scene.start();
    // What the failed sync was to store is in memory still, and the system takes it for stored.
    await scene.losePower();
    await scene.comeToRest();
  });
}

const MAKING = [
  'checkpoint-data',
  'checkpoint-dir',
  'floor-created',
  'floor-opened',
  'floor-raised',
  'format-file',
  'object-data',
  'object-dir',
  'root-name',
  'segment-opened',
  'segment-opened-dir',
  'segment-prepared',
  'segment-prepared-dir',
  'segment-record',
  'state-dir',
  'state-name',
  'tree-advanced',
  'tree-created',
  'tree-opened',
];
const GOING_ON = [
  'checkpoint-data',
  'checkpoint-dir',
  'checkpoint-found',
  'checkpoint-found-dir',
  'floor-opened',
  'floor-raised',
  'object-data',
  'object-dir',
  'object-found',
  'segment-opened',
  'segment-opened-dir',
  'segment-prepared',
  'segment-prepared-dir',
  'segment-record',
  'tree-advanced',
  'tree-opened',
];

describe.each([
  ['is made', async () => Scene.empty(settings(2)), MAKING],
  ['goes on after a crash', killedLog, GOING_ON],
] as const)('a log that %s', (_, image, purposes) => {
  test(
    'whichever sync fails once: nobody is told anything after it, and the next start makes good for it, also when power is lost then',
    async () => {
      const syncs = await syncsOf(await image());
      expect([...new Set(syncs.map(({ purpose }) => purpose))].sort()).toEqual(purposes);
      const outcome = await tryAll(
        syncs.map(({ purpose }, at) => ({
          name: `sync ${at} (${purpose})`,
          run: async () => failSync(await image(), at),
        })),
      );
      expect(outcome).toEqual(allWell(outcome));
    },
    TIMEOUT_MS,
  );
});

test('a frozen log whose mark is in memory only, after a sync that failed or a kill, stays frozen once it says that it is', async () => {
  for (const fault of [{ kind: 'error', errno: 'EIO' }, { kind: 'stop-before' }] as const) {
    const scene = await Scene.withLog(3, settings(2));
    scene.script = ({ purpose }) => (purpose === 'frozen-dir' ? fault : undefined);
    await scene.play(async () => {
      const life = await scene.start();
      await Promise.race([life.store.sequence.freeze(1).catch(() => undefined), life.died]);
      scene.machine.kill();
      scene.mend();
      const next = await scene.start();
      await next.store.sequence.freeze(1);
      expect(next.log.status().frozen).toBe(true);
      await scene.losePower();
      const last = await scene.start();
      expect(last.log.status().frozen).toBe(true);
      expect(await scene.send(last)).toEqual({ refused: 'frozen' });
    });
  }
});
