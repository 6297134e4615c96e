import assert from 'node:assert/strict';
import type { Replica } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** Replicas that wait to publish one tree wait for the same slot: when one has published it, the others need none. */
export const replicasQueueForOneSlot: Fault = {
  name: 'replicas-queue-for-one-slot',
  needsPause: true,
  scenarios: {
    'one tree takes one slot, however many replicas wait to publish it': onStage(async (stage) => {
      assert.ok(stage.eye.checkpoints.minIntervalMs > 0, 'without a pause between checkpoints nobody waits for a slot');
      const raised: number[] = [];
      const waits: number[] = [];
      const replicas: Replica[] = [];
      for (let i = 0; i < 3; i++) replicas.push(await stage.start());
      for (const { script } of replicas) {
        script.always('raiseSigned', async (apply, { size }) => {
          const answer = await apply();
          (answer === 'raised' ? raised : waits).push(size);
          return answer;
        });
      }
      for (let n = 0; n < 3; n++) await replicas[n]?.add(n);
      await stage.until(() => replicas.every(({ log }) => log.published().tree.size === 3));
      assert.ok(waits.length >= 6, `they wait for the same slots: ${waits}`);
      assert.deepEqual(raised, [1, 2, 3]);
      assert.deepEqual(replicas.flatMap(({ signed }) => signed).toSorted(), [0, 1, 2, 3]);
      assert.equal((await stage.finish()).size, 3);
    }),
  },
};
