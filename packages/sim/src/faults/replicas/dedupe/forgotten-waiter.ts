import assert from 'node:assert/strict';
import { isOutcomeUnknown } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/**
 * An entry whose append has not answered, and that another replica integrated and published, is indexed by our own
 * follower before we know its index: whoever waits for it must not be forgotten, nor the entry be remembered for ever.
 */
export const forgottenWaiter: Fault = {
  name: 'forgotten-waiter',
  scenarios: {
    'who waits for an append that never answers is told so when the log closes': onStage(async (stage) => {
      const replica = await stage.start();
      const other = await stage.start();
      const append = replica.script.holdAnswer('append');
      let told: unknown;
      replica.add(0).catch((error: unknown) => {
        told = error;
      });
      await append.reached;
      await stage.until(async () => (await stage.eye.dedupe.covered()) === 1);
      await stage.until(() => replica.log.published().tree.size === 1 && replica.log.status().dedupeLag === 0);
      assert.equal(told, undefined);
      assert.equal(await replica.close(), 'timed-out');
      assert.ok(isOutcomeUnknown(told), `told: ${told}`);
      assert.equal((await other.add(0)).duplicate, true);
      assert.equal((await stage.finish()).size, 1);
    }),

    'an append that answers after its entry is indexed leaves nothing behind': onStage(async (stage) => {
      const replica = await stage.start();
      const append = replica.script.holdAnswer('append');
      await stage.start();
      const receipt = replica.add(0);
      await append.reached;
      await stage.until(() => replica.log.published().tree.size === 1 && replica.log.status().dedupeLag === 0);
      append.letGo();
      assert.equal((await receipt).index, 0);
      let looked = 0;
      replica.script.always('find', (apply) => {
        looked += 1;
        return apply();
      });
      assert.deepEqual(await replica.add(0).then(({ index, duplicate }) => [index, duplicate]), [0, true]);
      assert.equal(looked, 1, 'the index was asked: the entry is known from nowhere else');
      assert.equal((await stage.finish()).size, 1);
    }),
  },
};
