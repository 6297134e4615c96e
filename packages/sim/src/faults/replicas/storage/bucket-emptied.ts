import assert from 'node:assert/strict';
import { hasCode } from '@tilewright/log';
import { isOutcomeUnknown } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** The objects are gone and the database is there: nobody makes a log again over it, or goes on as if nothing were. */
export const bucketEmptied: Fault = {
  name: 'bucket-emptied',
  scenarios: {
    'nobody opens without a checkpoint, and none is made': onStage(async (stage) => {
      const replica = await stage.start();
      for (let n = 0; n < 6; n++) await replica.add(n);
      assert.equal(await replica.close(), 'settled');
      await stage.store.emptyBucket();
      await assert.rejects(stage.start(), (error) => hasCode(error, 'half-log') && error.path === 'checkpoint');
      assert.equal(await stage.eye.checkpoints.read(), undefined);
      assert.equal(await stage.eye.objects.isEmpty(), true);
    }),

    'nobody opens without the tiles of the right edge, and the missing one is named': onStage(async (stage) => {
      const replica = await stage.start();
      for (let n = 0; n < 6; n++) await replica.add(n);
      assert.equal(await replica.close(), 'settled');
      await stage.store.emptyBucket('checkpoint');
      const names = (error: unknown): boolean => hasCode(error, 'corrupt') && error.path === 'tile/0/001.p/2';
      await assert.rejects(stage.start(), names);
      await stage.staysAt(6);
    }),

    'a replica that runs makes no checkpoint over what is gone': onStage(async (stage) => {
      const replica = await stage.start();
      for (let n = 0; n < 6; n++) await replica.add(n);
      await stage.store.emptyBucket();
      const signed = replica.signed.length;
      await assert.rejects(replica.add(6), isOutcomeUnknown);
      const failure = await replica.log.failed;
      assert.deepEqual([failure.code, failure.path], ['half-log', 'checkpoint']);
      await stage.pause();
      assert.equal(await stage.eye.checkpoints.read(), undefined);
      assert.equal(replica.signed.length, signed);
    }),

    'a checkpoint that goes while it is being replaced is not made again': onStage(async (stage) => {
      const replica = await stage.start();
      await replica.add(0);
      const replace = replica.script.hold('replace');
      const refused = assert.rejects(replica.add(1), isOutcomeUnknown);
      await replace.reached;
      await stage.store.emptyBucket();
      replace.letGo();
      await refused;
      assert.equal((await replica.log.failed).code, 'half-log');
      await stage.pause();
      assert.equal(await stage.eye.checkpoints.read(), undefined);
    }),
  },
};
