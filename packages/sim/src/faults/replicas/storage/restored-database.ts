import assert from 'node:assert/strict';
import { hasCode } from '@tilewright/log';
import { isOutcomeUnknown, type Replica } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage, type Stage } from '../stage/stage.ts';

/** Tiles eight entries wide, so that one partial after another stays beside the last. */
const WIDE = { limits: { tileHeight: 3 } };
const FOUR = [5, 6, 7, 8];
const isFork = (error: unknown): boolean => hasCode(error, 'fork');

/** A replica that published entry 0, then, after the database was copied, entries 1 and 2 in one batch. */
async function publishThree(stage: Stage, deaf: boolean): Promise<{ replica: Replica; putBack: () => Promise<void> }> {
  const replica = await stage.start({ ...WIDE, deaf });
  await replica.add(0);
  await stage.until(async () => (await stage.eye.dedupe.covered()) === 1);
  const putBack = await stage.store.backUp();
  await Promise.all([replica.add(1), replica.add(2)]);
  return { replica, putBack };
}

/**
 * A replica that integrated entry 0, and is slow to publish it; another one publishes entries 1 and 2 beside it, after
 * the database was copied. `takeOver` lets the slow one find that.
 */
async function takeOverThree(
  stage: Stage,
): Promise<{ readonly slow: Replica; takeOver(): Promise<void>; putBack(): Promise<void> }> {
  const slow = await stage.start({ ...WIDE, deaf: true });
  const replace = slow.script.hold('replace');
  const first = slow.add(0);
  await replace.reached;
  const putBack = await stage.store.backUp();
  const takeOver = async (): Promise<void> => {
    const other = await stage.start({ ...WIDE, deaf: true });
    await Promise.all([other.add(1), other.add(2)]);
    other.kill();
    replace.letGo();
    assert.equal((await first).publication.tree.size, 3);
  };
  return { slow, takeOver, putBack };
}

/** Asserts that the log stopped as forked, and that what was published is left alone from then on. */
async function stopsAsForked(stage: Stage, replica: Replica): Promise<void> {
  const failure = await replica.log.failed;
  assert.equal(failure.code, 'fork', failure.message);
  assert.ok(
    replica.signed.every((size) => size <= 3),
    `signed ${replica.signed}`,
  );
  await stage.staysAt(3);
}

/** The database is put back to an older copy while the objects stay: going on would fork the log. */
export const restoredDatabase: Fault = {
  name: 'restored-database',
  scenarios: {
    'nobody opens on a copy that is older than the checkpoint': onStage(async (stage) => {
      const toNothing = await stage.store.backUp();
      const { replica, putBack } = await publishThree(stage, false);
      assert.equal(await replica.close(), 'settled');
      for (const restore of [putBack, toNothing]) {
        await restore();
        await assert.rejects(stage.start(WIDE), (error) => hasCode(error, 'fork') && error.path === 'checkpoint');
        await stage.staysAt(3);
      }
    }),

    'a replica that runs stops at its next entry, and answers nobody': onStage(async (stage) => {
      const { replica, putBack } = await publishThree(stage, true);
      await putBack();
      await assert.rejects(replica.add(3), isOutcomeUnknown);
      await stopsAsForked(stage, replica);
      await assert.rejects(stage.start(WIDE), isFork);
    }),

    'a replica that runs stops when it hears of what others do': onStage(async (stage) => {
      const sleeper = await stage.start({ ...WIDE, deaf: true });
      const { replica, putBack } = await publishThree(stage, false);
      await putBack();
      const append = sleeper.script.holdAnswer('append');
      void sleeper.add(3);
      await append.reached;
      sleeper.kill();
      await stopsAsForked(stage, replica);
    }),

    'a replica that took over a checkpoint, and comes with entries after it, stops': onStage(async (stage) => {
      const { slow, takeOver, putBack } = await takeOverThree(stage);
      await takeOver();
      const append = slow.script.hold('append');
      const added = Promise.allSettled(FOUR.map((n) => slow.add(n)));
      await append.reached;
      await putBack();
      append.letGo();
      await stopsAsForked(stage, slow);
      assert.ok((await added).every((one) => one.status === 'rejected' && isOutcomeUnknown(one.reason)));
    }),

    'a replica that took over a checkpoint puts nothing beside it that came before': onStage(async (stage) => {
      const { slow, takeOver, putBack } = await takeOverThree(stage);
      const append = slow.script.hold('append');
      const added = Promise.allSettled(FOUR.map((n) => slow.add(n)));
      await append.reached;
      await takeOver();
      await putBack();
      append.letGo();
      await stopsAsForked(stage, slow);
      assert.ok((await added).every(({ status }) => status === 'rejected'));
    }),

    'a replica that slept through it signs nothing of what it put upon the old copy': onStage(async (stage) => {
      const sleeper = await stage.start({ ...WIDE, deaf: true });
      const { replica, putBack } = await publishThree(stage, true);
      await putBack();
      const added = Promise.allSettled(FOUR.map((n) => sleeper.add(n)));
      await stopsAsForked(stage, sleeper);
      assert.ok((await added).every((one) => one.status === 'rejected' && isOutcomeUnknown(one.reason)));
      assert.deepEqual(
        sleeper.signed.filter((size) => size > 3),
        [],
      );
      assert.equal((await stage.eye.sequence.head()).signed.size, 1, 'the copy stays what it is: an old one');
      await assert.rejects(stage.start(WIDE), isFork);
      replica.kill();
    }),

    'a replica does not follow a copy that has grown beyond it again': onStage(async (stage) => {
      const sleeper = await stage.start({ ...WIDE, deaf: true });
      const { replica, putBack } = await publishThree(stage, true);
      await putBack();
      const raise = sleeper.script.hold('raiseSigned');
      const read = sleeper.script.hold('readCheckpoint');
      for (const n of FOUR) void sleeper.add(n);
      await Promise.race([raise.reached, read.reached]);
      sleeper.kill();
      assert.equal((await stage.eye.sequence.head()).tree.size, 5);
      await assert.rejects(replica.add(9), isOutcomeUnknown);
      await stopsAsForked(stage, replica);
      await assert.rejects(stage.start(WIDE), isFork);
      // Nor where the floor was raised to it, and sizes say nothing any more.
      await stage.eye.sequence.raiseSigned((await stage.eye.sequence.head()).tree, 0);
      await assert.rejects(stage.start(WIDE), (error) => hasCode(error, 'corrupt'));
      await stage.staysAt(3);
    }),
  },
};
