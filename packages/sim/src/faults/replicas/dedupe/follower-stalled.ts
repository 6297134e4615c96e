import assert from 'node:assert/strict';
import { hasCode } from '@tilewright/log';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

const LIMITS = { dedupe: { maxLag: 3, batch: 40, intervalMs: 10, recent: 20 } };
const isPushback = (error: unknown): boolean => hasCode(error, 'pushback') && error.reason === 'dedupe';

/** The dedupe follower of one replica hangs: its write is never answered, or only much later. */
export const followerStalled: Fault = {
  name: 'follower-stalled',
  scenarios: {
    'entries that no index has are known, and too many of them close intake until it goes on': onStage(
      async (stage) => {
        const replica = await stage.start({ limits: LIMITS });
        const index = replica.script.hold('index');
        for (let n = 0; n < 4; n++) assert.equal((await replica.add(n)).index, n);
        await index.reached;
        assert.equal(await stage.eye.dedupe.covered(), 0);
        for (let n = 0; n < 4; n++) {
          const { index: again, duplicate } = await replica.add(n);
          assert.deepEqual([again, duplicate], [n, true]);
        }
        await assert.rejects(replica.add(4), isPushback);
        assert.match(replica.log.status().unready ?? '', /dedupe index is 4 entries behind/);
        assert.equal((await stage.eye.sequence.head()).next, 4, 'what is pushed back has no index');
        index.letGo();
        await stage.until(() => replica.log.status().unready === undefined);
        assert.equal((await replica.add(4)).index, 4);
        await stage.until(async () => (await stage.eye.dedupe.covered()) === 5);
        assert.equal((await stage.finish()).size, 5);
      },
    ),

    'another replica fills the index, and who goes on finds it filled': onStage(async (stage) => {
      const stalled = await stage.start({ limits: LIMITS });
      const index = stalled.script.hold('index');
      assert.equal((await stalled.add(0)).index, 0);
      await index.reached;
      const other = await stage.start({ limits: LIMITS });
      for (let n = 1; n < 6; n++) assert.equal((await other.add(n)).index, n);
      await stage.until(async () => (await stage.eye.dedupe.covered()) === 6);
      assert.deepEqual(await other.add(0).then(({ index: at, duplicate }) => [at, duplicate]), [0, true]);
      index.letGo();
      await stage.until(() => stalled.log.status().dedupeLag === 0);
      for (let n = 0; n < 6; n++) {
        assert.deepEqual(await stalled.add(n).then(({ index: at, duplicate }) => [at, duplicate]), [n, true]);
      }
      assert.equal((await stage.finish()).size, 6);
    }),

    'a follower that never goes on keeps nobody from closing': onStage(async (stage) => {
      const stalled = await stage.start();
      const index = stalled.script.hold('index');
      await stalled.add(0);
      await index.reached;
      const added = stalled.add(1);
      assert.equal(await stalled.close(), 'timed-out');
      assert.equal((await added).index, 1);
      assert.deepEqual(await (await stage.start()).add(1).then(({ index: at, duplicate }) => [at, duplicate]), [
        1,
        true,
      ]);
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
