import assert from 'node:assert/strict';
import type { Replica } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage, type Stage } from '../stage/stage.ts';

/** A replica raises the floor to 2 entries and signs them: whoever is shown that may be ahead of the log. It is gone then. */
async function signTwoAndCrash(stage: Stage, replica: Replica): Promise<void> {
  const replace = replica.script.hold('replace');
  void replica.add(1);
  await replace.reached;
  replica.kill();
  assert.equal((await stage.eye.sequence.head()).signed.size, 2);
  assert.equal(replica.signed.at(-1), 2);
}

/** What is signed and not published is public where it was shown: nothing smaller, and nothing else, is signed then. */
export const witnessAheadAfterCrash: Fault = {
  name: 'witness-ahead-after-crash',
  scenarios: {
    'another replica goes on from there': onStage(async (stage) => {
      const crashing = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      await crashing.add(0);
      await signTwoAndCrash(stage, crashing);
      assert.equal((await other.add(2)).index, 2);
      assert.deepEqual(other.signed, [3]);
      assert.equal((await stage.finish()).size, 3);
    }),

    'another replica that is about to sign less goes on from there': onStage(async (stage) => {
      const crashing = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      const raise = other.script.hold('raiseSigned');
      const late = other.add(0);
      await raise.reached;
      await signTwoAndCrash(stage, crashing);
      raise.letGo();
      const { index, publication } = await late;
      assert.deepEqual([index, publication.tree.size], [0, 2]);
      assert.deepEqual(other.signed, [2]);
      assert.equal((await stage.finish()).size, 2);
    }),

    'the next process publishes it before it opens': onStage(async (stage) => {
      const crashing = await stage.start();
      await crashing.add(0);
      await signTwoAndCrash(stage, crashing);
      const next = await stage.start();
      assert.deepEqual(next.signed, [2]);
      assert.equal((await stage.shown()).size, 2);
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
