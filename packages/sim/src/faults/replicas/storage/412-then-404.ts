import assert from 'node:assert/strict';
import { LogError } from '@tilewright/log';
import { isOutcomeUnknown } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

const COLLECTS = { limits: { collectIntervalMs: 50 }, deaf: true };

/** Something is at the path of an object that is to be created, and is gone when its bytes are to be compared. */
export const conflictThenNothing: Fault = {
  name: '412-then-404',
  scenarios: {
    'a partial that was collected meanwhile is a lost race': onStage(async (stage) => {
      const replica = await stage.start({ deaf: true });
      const other = await stage.start(COLLECTS);
      replica.script.once(
        'create',
        async (_apply, path) => {
          // Everybody else goes on until what was there is collected.
          for (let n = 1; n < 5; n++) await other.add(n);
          await stage.until(async () => (await stage.eye.objects.read(path)) === undefined);
          throw new LogError('not-found', `${path} is gone`, { path });
        },
        (path) => path === 'tile/0/000.p/1',
      );
      assert.equal((await replica.add(0)).index, 0);
      assert.equal((await replica.add(5)).index, 5);
      assert.equal((await stage.finish()).size, 6);
    }),

    'where the tree has not moved it is damage, and nothing is signed': onStage(async (stage) => {
      const replica = await stage.start();
      await replica.add(0);
      replica.script.once('create', (_apply, path) =>
        Promise.reject(new LogError('not-found', `${path} is gone`, { path })),
      );
      await assert.rejects(replica.add(1), isOutcomeUnknown);
      const { code, path } = await replica.log.failed;
      assert.deepEqual([code, path], ['corrupt', 'tile/entries/000.p/2']);
      await stage.staysAt(1);
      // The next process writes the object anew.
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
