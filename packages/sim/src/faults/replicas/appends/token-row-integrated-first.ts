import assert from 'node:assert/strict';
import { LogError } from '@tilewright/log';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** Another replica integrates, publishes and releases a batch before whoever appended it learns its index. */
export const tokenRowIntegratedFirst: Fault = {
  name: 'token-row-integrated-first',
  scenarios: {
    'the token of a released batch still tells its index': onStage(async (stage) => {
      const replica = await stage.start();
      const other = await stage.start();
      const released = other.script.holdAnswer('release', (below) => below === 1);
      replica.script.once('append', async (apply) => {
        await apply();
        await released.reached;
        throw new LogError('outcome-unknown', 'the connection broke');
      });
      const receipt = await replica.add(0);
      released.letGo();
      assert.deepEqual([receipt.index, receipt.duplicate], [0, false]);
      assert.deepEqual((await stage.eye.sequence.pending({ entries: 10, bytes: 1000 })).batches, []);
      assert.equal((await other.add(1)).index, 1);
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
