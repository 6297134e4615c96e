import assert from 'node:assert/strict';
import type { TilePath } from '@tilewright/core/tiles';
import type { Replica } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage, type Stage } from '../stage/stage.ts';

const COLLECTS = { limits: { collectIntervalMs: 50 }, deaf: true };

const asPath = (path: string): TilePath => path as TilePath;

/** Adds entries up to a log of `size`, one after the other, and waits until everything superseded is collected. */
async function growTo(stage: Stage, replica: Replica, size: number): Promise<void> {
  for (let n = (await stage.eye.sequence.head()).next; n < size; n++) await replica.add(n);
  const complete = Math.floor(size / 4) * 4;
  await stage.until(async () => (await stage.eye.sequence.head()).collected === complete);
}

/** The tiles that a stopped replica's edge stands on are completed and their partials collected while it sleeps. */
export const gcVersusSlowIntegrator: Fault = {
  name: 'gc-versus-slow-integrator',
  scenarios: {
    'a replica that slept before it moved the tree catches up': onStage(async (stage) => {
      const slow = await stage.start({ deaf: true });
      const other = await stage.start(COLLECTS);
      for (let n = 0; n < 3; n++) await slow.add(n);
      const advance = slow.script.hold('advance');
      const late = slow.add(3);
      await advance.reached;
      slow.stop();
      advance.letGo();
      await growTo(stage, other, 22);
      assert.equal(await stage.eye.objects.read(asPath('tile/0/000.p/3')), undefined);
      slow.goOn();
      assert.equal((await late).index, 3);
      assert.equal((await slow.add(22)).index, 22);
      assert.equal((await stage.finish()).size, 23);
    }),

    'a replica that slept before it read its edge finds it in what took its place': onStage(async (stage) => {
      const slow = await stage.start({ deaf: true });
      const other = await stage.start(COLLECTS);
      await growTo(stage, other, 22);
      // 5 full tiles and two of a sixth; one and a quarter of the level above.
      const read = slow.script.hold('readObject', (path) => path === 'tile/0/005.p/3');
      const late = slow.add(22);
      await read.reached;
      slow.stop();
      read.letGo();
      await growTo(stage, other, 70);
      for (const gone of ['tile/0/005.p/3', 'tile/1/001.p/1', 'tile/entries/005.p/3'])
        assert.equal(await stage.eye.objects.read(asPath(gone)), undefined, gone);
      slow.goOn();
      assert.equal((await late).index, 22);
      assert.equal((await slow.add(70)).index, 70);
      assert.equal((await stage.finish()).size, 71);
    }),

    'what it still creates of a collected tile is what was there': onStage(async (stage) => {
      const slow = await stage.start({ deaf: true });
      const other = await stage.start(COLLECTS);
      const creates = ['tile/0/000.p/1', 'tile/entries/000.p/1'].map((path) =>
        slow.script.hold('create', (asked) => asked === path),
      );
      const late = slow.add(0);
      await Promise.all(creates.map(({ reached }) => reached));
      await growTo(stage, other, 9);
      for (const create of creates) create.letGo();
      assert.equal((await late).index, 0);
      assert.notEqual(await stage.eye.objects.read(asPath('tile/0/000.p/1')), undefined, 'a stray of correct bytes');
      assert.equal((await stage.finish()).size, 9);
    }),
  },
};
