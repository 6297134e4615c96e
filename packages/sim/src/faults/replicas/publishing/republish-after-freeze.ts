import assert from 'node:assert/strict';
import { hasCode } from '@tilewright/log';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** The log is frozen, and everything in it published: that checkpoint is the last, whoever comes along. */
export const republishAfterFreeze: Fault = {
  name: 'republish-after-freeze',
  scenarios: {
    'a publisher that slept through the freeze puts nothing over the last checkpoint': onStage(async (stage) => {
      const stalled = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      const replace = stalled.script.hold('replace');
      const late = stalled.add(0);
      await replace.reached;
      stalled.stop();
      await Promise.all([other.add(1), other.add(2)]);
      assert.equal(await stage.eye.sequence.freeze(), 3);
      await stage.staysAt(3);
      const { version } = await stage.shown();
      stalled.goOn();
      replace.letGo();
      assert.equal((await late).publication.tree.size, 3);
      await assert.rejects(stalled.add(3), (error) => hasCode(error, 'frozen'));
      await stage.staysAt(3);
      assert.equal((await stage.shown()).version, version);
      assert.equal((await stage.finish()).size, 3);
    }),

    'what was sequenced before the freeze is published once, and nothing is signed afterwards': onStage(
      async (stage) => {
        const dead = await stage.start();
        const replace = dead.script.hold('replace');
        void dead.add(0);
        await replace.reached;
        dead.kill();
        assert.equal(await stage.eye.sequence.freeze(), 1);
        const first = await stage.start();
        assert.deepEqual(first.signed, [1]);
        const { version } = await stage.shown();
        for (let i = 0; i < 3; i++) {
          const again = await stage.start();
          await assert.rejects(again.add(1), (error) => hasCode(error, 'frozen'));
          await stage.staysAt(1);
          assert.equal(await again.close(), 'settled');
          assert.deepEqual(again.signed, []);
        }
        assert.equal((await stage.shown()).version, version);
        assert.equal((await stage.finish()).size, 1);
      },
    ),
  },
};
