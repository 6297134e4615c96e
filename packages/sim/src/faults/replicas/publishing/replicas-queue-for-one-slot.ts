import assert from 'node:assert/strict';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** Replicas that wait to publish one tree wait for the same slot: when one has published it, the others need none. */
export const replicasQueueForOneSlot: Fault = {
  name: 'replicas-queue-for-one-slot',
  needsPause: true,
  scenarios: {
    'one tree takes one slot, however many replicas wait to publish it': onStage(async (stage) => {
      assert.ok(stage.eye.checkpoints.minIntervalMs > 0, 'without a pause between checkpoints nobody waits for a slot');
      const replicas = [await stage.start(), await stage.start(), await stage.start()] as const;
      const raised: number[] = [];
      for (const { script } of replicas) {
        script.always('raiseSigned', async (apply, { size }) => {
          const answer = await apply();
          if (answer === 'raised') raised.push(size);
          return answer;
        });
        // Whoever has the slot publishes when the others have been told to wait for the next one.
        script.once('replace', (apply) => stage.pause(200).then(apply));
      }
      assert.equal((await replicas[0].add(0)).index, 0);
      await stage.until(() => replicas.every(({ log }) => log.published().tree.size === 1));
      assert.deepEqual(raised, [1]);
      assert.deepEqual(
        replicas.flatMap(({ signed }) => signed),
        [0, 1],
      );
      assert.equal((await stage.finish()).size, 1);
    }),

    'one publishes for all, time after time, and another one when it is gone': onStage(async (stage) => {
      const replicas = [await stage.start(), await stage.start(), await stage.start()] as const;
      const raised: number[] = [];
      for (const [which, { script }] of replicas.entries()) {
        script.always('raiseSigned', async (apply) => {
          const answer = await apply();
          if (answer === 'raised') raised.push(which);
          return answer;
        });
      }
      let n = 0;
      const round = () => Promise.all(replicas.map((replica) => replica.add(n++)));
      await round();
      raised.length = 0;
      for (let i = 0; i < 5; i++) await round();
      // Entries that come while the publisher is at work wait for its next slot: nobody else takes one in between.
      assert.equal(new Set(raised).size, 1, `they took turns: ${raised.join(' ')}`);
      const [publisher = 0] = raised;
      await replicas[publisher]?.log.close({ timeoutMs: 10_000 });
      raised.length = 0;
      const heirs = replicas.filter((_, which) => which !== publisher);
      assert.equal((await heirs[0]?.add(n))?.index, n);
      assert.equal(raised.length, 1);
      assert.notEqual(raised[0], publisher);
      assert.equal((await stage.finish()).size, n + 1);
    }),
  },
};
