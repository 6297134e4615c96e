import assert from 'node:assert/strict';
import { isOutcomeUnknown, type Replica } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage, type Stage } from '../stage/stage.ts';

interface Overtaking {
  /** Its entry 1 stands behind another's entry 0 that is not integrated: it must read what is pending. */
  readonly replica: Replica;
  /** Stands before it moves the tree. */
  readonly other: Replica;
  /** The other one integrates both and a third entry, publishes them, and releases their rows. */
  overtake(): Promise<void>;
}

async function prepare(stage: Stage): Promise<Overtaking> {
  const other = await stage.start({ deaf: true });
  const replica = await stage.start({ deaf: true });
  const advance = other.script.hold('advance');
  const released = other.script.holdAnswer('release', (below) => below === 3);
  void other.add(0);
  await advance.reached;
  return {
    replica,
    other,
    overtake: async () => {
      advance.letGo();
      void other.add(2);
      await released.reached;
      released.letGo();
    },
  };
}

/** Sequenced copies are released between the look at the head and the reading of what is pending. */
export const seqDeletedMidRead: Fault = {
  name: 'seq-deleted-mid-read',
  scenarios: {
    'rows that went before they were read are a lost race': onStage(async (stage) => {
      const { replica, overtake } = await prepare(stage);
      replica.script.once('pending', (apply) => overtake().then(apply));
      const { index, publication } = await replica.add(1);
      assert.deepEqual([index, publication.tree.size], [1, 3]);
      assert.equal((await stage.finish()).size, 3);
    }),

    'rows that went after they were read are integrated by nobody twice': onStage(async (stage) => {
      const { replica, overtake } = await prepare(stage);
      replica.script.once('pending', async (apply) => {
        const read = await apply();
        await overtake();
        return read;
      });
      const { index, publication } = await replica.add(1);
      assert.deepEqual([index, publication.tree.size], [1, 3]);
      assert.equal((await stage.finish()).size, 3);
    }),

    'rows that went between the tree and themselves are a lost race': onStage(async (stage) => {
      const { replica, overtake } = await prepare(stage);
      replica.script.once('pending', async (apply) => {
        const { tree } = await apply();
        await overtake();
        return { ...(await apply()), tree };
      });
      const { index, publication } = await replica.add(1);
      assert.deepEqual([index, publication.tree.size], [1, 3]);
      assert.equal((await stage.finish()).size, 3);
    }),

    'where the tree has not moved it is damage, and nothing is signed': onStage(async (stage) => {
      const { replica, other } = await prepare(stage);
      replica.script.once('pending', async (apply) => ({ ...(await apply()), batches: [] }));
      await assert.rejects(replica.add(1), isOutcomeUnknown);
      assert.equal((await replica.log.failed).code, 'corrupt');
      other.kill();
      await stage.staysAt(0);
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
