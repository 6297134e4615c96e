import assert from 'node:assert/strict';
import { LogError } from '@tilewright/log';
import { isOutcomeUnknown } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** A checkpoint is replaced, and its publisher is told that it was not: its own bytes are there. */
export const ownPutReportedLost: Fault = {
  name: '412-after-own-put',
  scenarios: {
    'its own bytes are a success, and no fork': onStage(async (stage) => {
      const replica = await stage.start();
      let puts = 0;
      replica.script.always('replace', async (apply) => {
        puts += 1;
        assert.ok(puts <= 3, 'it puts what is there, again and again');
        await apply();
        return 'lost';
      });
      for (let n = 0; n < 3; n++) assert.equal((await replica.add(n)).publication.tree.size, n + 1);
      assert.equal((await stage.finish()).size, 3);
    }),

    'its own bytes, put again by a retry below, are a success': onStage(async (stage) => {
      const replica = await stage.start();
      replica.script.always('replace', async (apply) => {
        await apply();
        return apply();
      });
      for (let n = 0; n < 3; n++) assert.equal((await replica.add(n)).publication.tree.size, n + 1);
      assert.equal((await stage.finish()).size, 3);
    }),

    'where others have published more by then, that is taken over': onStage(async (stage) => {
      const replica = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      replica.script.once('replace', async (apply) => {
        await apply();
        for (let n = 1; n < 4; n++) await other.add(n);
        return 'lost';
      });
      const { index, publication } = await replica.add(0);
      assert.deepEqual([index, publication.tree.size], [0, 4]);
      assert.deepEqual(replica.signed, [0, 1]);
      assert.equal((await replica.add(4)).index, 4);
      assert.equal((await stage.finish()).size, 5);
    }),

    'a publisher that stops for want of an answer leaves a log that goes on': onStage(async (stage) => {
      const replica = await stage.start();
      replica.script.once('replace', async (apply) => {
        await apply();
        throw new LogError('storage-failed', 'the connection broke');
      });
      await assert.rejects(replica.add(0), isOutcomeUnknown);
      const next = await stage.start();
      const { index, duplicate } = await next.add(0);
      assert.deepEqual([index, duplicate], [0, true]);
      assert.equal((await stage.finish()).size, 1);
    }),
  },
};
