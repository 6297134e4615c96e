import assert from 'node:assert/strict';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** No hint of another replica's progress ever arrives: hints save time, and nothing depends on them. */
export const lostWakeUp: Fault = {
  name: 'lost-wake-up',
  scenarios: {
    'each replica answers its own entries and catches up when it has work': onStage(async (stage) => {
      const replicas = [await stage.start({ deaf: true }), await stage.start({ deaf: true })] as const;
      for (let n = 0; n < 12; n++) assert.equal((await replicas[n % 3 === 0 ? 0 : 1].add(n)).index, n);
      assert.equal(replicas[0].log.published().tree.size, 10);
      assert.equal((await replicas[0].add(12)).publication.tree.size, 13);
      assert.equal((await stage.finish()).size, 13);
    }),

    'what a dead replica sequenced comes along with the next work of another': onStage(async (stage) => {
      const dead = await stage.start({ deaf: true });
      const replica = await stage.start({ deaf: true });
      const hold = dead.script.holdAnswer('append');
      void dead.add(0);
      await hold.reached;
      dead.kill();
      assert.equal((await replica.add(1)).index, 1);
      assert.equal((await stage.shown()).size, 2);
      assert.equal((await stage.finish()).size, 2);
    }),

    'entries of two replicas at the same time are answered by both': onStage(async (stage) => {
      const replicas = [await stage.start({ deaf: true }), await stage.start({ deaf: true })] as const;
      const receipts = await Promise.all(Array.from({ length: 20 }, (_, n) => replicas[n % 2 === 0 ? 0 : 1].add(n)));
      assert.deepEqual(
        receipts.map(({ index }) => index).toSorted((a, b) => a - b),
        receipts.map((_, n) => n),
      );
      assert.equal((await stage.finish()).size, 20);
    }),
  },
};
