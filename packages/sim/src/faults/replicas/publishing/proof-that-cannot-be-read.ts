import assert from 'node:assert/strict';
import { hasCode, LogError, type Receipt } from '@tilewright/log';
import { isOutcomeUnknown, type Replica } from '../stage/replica.ts';
import type { Answer, Hold } from '../stage/script.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage, type Stage } from '../stage/stage.ts';

const alarms = (replica: Replica): number => replica.events.filter(({ type }) => type === 'proof-failed').length;
const place = ({ index, duplicate }: Receipt): readonly [number, boolean] => [index, duplicate];

/** A replica whose entry 0 another one publishes, in a larger tree: its proof is read from the tiles, which answer `tile`. */
async function proveFromTiles(
  stage: Stage,
  tile: () => Promise<Answer<'readObject'>>,
): Promise<{ readonly replica: Replica; readonly answer: Promise<Receipt>; readonly follower: Hold }> {
  const replica = await stage.start({ deaf: true });
  const other = await stage.start({ deaf: true });
  // Until its follower goes on, entries stay known from memory.
  const follower = replica.script.hold('index');
  const replace = replica.script.hold('replace');
  const answer = replica.add(0);
  await replace.reached;
  for (let n = 1; n < 4; n++) await other.add(n);
  await stage.until(async () => (await stage.eye.dedupe.covered()) === 4);
  replica.script.once('readObject', tile, (path) => path === 'tile/0/000');
  replace.letGo();
  return { replica, answer, follower };
}

/** An entry is published by another replica, and the tiles of its proof cannot be read, or are wrong. */
export const proofThatCannotBeRead: Fault = {
  name: 'proof-that-cannot-be-read',
  scenarios: {
    'a broken connection is no broken proof: the entry may be in the log, and is found there': onStage(
      async (stage) => {
        const { replica, answer, follower } = await proveFromTiles(stage, () =>
          Promise.reject(new LogError('storage-failed', 'the connection broke')),
        );
        await assert.rejects(answer, isOutcomeUnknown);
        assert.equal(alarms(replica), 0);
        assert.deepEqual(place(await replica.add(0)), [0, true]);
        follower.letGo();
        assert.equal((await stage.finish()).size, 4);
      },
    ),

    'an entry whose proof does not verify is not believed to be there': onStage(async (stage) => {
      const { replica, answer, follower } = await proveFromTiles(stage, async () => new Uint8Array(4 * 32));
      await assert.rejects(answer, (error) => hasCode(error, 'proof-failed'));
      assert.equal(alarms(replica), 1);
      let looked = 0;
      replica.script.always('find', (apply) => {
        looked += 1;
        return apply();
      });
      assert.deepEqual(place(await replica.add(0)), [0, true]);
      assert.equal(looked, 1, 'the index and the tiles say so, not the memory of an answer that was none');
      follower.letGo();
      assert.equal((await stage.finish()).size, 4);
    }),
  },
};
