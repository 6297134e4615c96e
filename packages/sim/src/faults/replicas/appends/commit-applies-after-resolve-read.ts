import assert from 'node:assert/strict';
import { LogError } from '@tilewright/log';
import type { Replica } from '../stage/replica.ts';
import type { Answer } from '../stage/script.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** The connection of the next append breaks, and its commit is still on its way. Returns what lets it land. */
function breakNextAppend({ script }: Replica): () => Promise<Answer<'append'>> {
  let land = (): Promise<Answer<'append'>> => Promise.reject(new Error('no append was made'));
  script.once('append', (apply) => {
    land = apply;
    return Promise.reject(new LogError('outcome-unknown', 'the connection broke'));
  });
  return () => land();
}

/** A commit whose outcome is unknown lands after, or while, the same append is made again: one index for one entry. */
export const commitAppliesAfterResolveRead: Fault = {
  name: 'commit-applies-after-resolve-read',
  scenarios: {
    'a commit that lands after its repetition is not a second one': onStage(async (stage) => {
      const replica = await stage.start();
      const land = breakNextAppend(replica);
      assert.equal((await replica.add(0)).index, 0);
      assert.equal(await land(), 0);
      assert.equal((await stage.eye.sequence.head()).next, 1);
      assert.equal((await replica.add(1)).index, 1);
      assert.equal((await stage.finish()).size, 2);
    }),

    'a commit that lands while its repetition is on the way is not a second one': onStage(async (stage) => {
      const replica = await stage.start();
      const land = breakNextAppend(replica);
      const again = replica.script.hold('append');
      const receipt = replica.add(0);
      await again.reached;
      assert.equal(await land(), 0);
      assert.equal((await (await stage.start()).add(1)).index, 1);
      again.letGo();
      assert.equal((await receipt).index, 0);
      assert.equal((await stage.eye.sequence.head()).next, 2);
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
