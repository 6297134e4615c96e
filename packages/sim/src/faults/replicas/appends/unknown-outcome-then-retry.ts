import assert from 'node:assert/strict';
import { LogError } from '@tilewright/log';
import { isOutcomeUnknown } from '../stage/replica.ts';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

const never = (): Promise<never> => new Promise(() => {});

/** The outcome of an append stays unknown, and its client, or the engine, asks again. */
export const unknownOutcomeThenRetry: Fault = {
  name: 'unknown-outcome-then-retry',
  scenarios: {
    'an entry that got in unnoticed is a duplicate elsewhere': onStage(async (stage) => {
      const replica = await stage.start();
      const other = await stage.start();
      replica.script.once('append', async (apply) => {
        await apply();
        return never();
      });
      const unknown = assert.rejects(replica.add(0), isOutcomeUnknown);
      await stage.until(async () => (await stage.eye.dedupe.covered()) === 1);
      assert.equal(await replica.close(100), 'timed-out');
      await unknown;
      const { index, duplicate } = await other.add(0);
      assert.deepEqual([index, duplicate], [0, true]);
      assert.equal((await stage.finish()).size, 1);
    }),

    'an entry that never got in is new elsewhere': onStage(async (stage) => {
      const replica = await stage.start();
      const other = await stage.start();
      replica.script.once('append', never);
      const unknown = assert.rejects(replica.add(0), isOutcomeUnknown);
      assert.equal(await replica.close(100), 'timed-out');
      await unknown;
      assert.deepEqual(await other.add(0).then(({ index, duplicate }) => [index, duplicate]), [0, false]);
      assert.equal((await stage.finish()).size, 1);
    }),

    'who sends the entry again meanwhile waits for the same outcome': onStage(async (stage) => {
      const replica = await stage.start();
      const append = replica.script.hold('append');
      const first = replica.add(0);
      await append.reached;
      const second = replica.add(0);
      append.letGo();
      const receipts = await Promise.all([first, second]);
      assert.deepEqual(
        receipts.map(({ index, duplicate }) => [index, duplicate]),
        [
          [0, false],
          [0, true],
        ],
      );
      assert.equal((await stage.finish()).size, 1);
    }),

    'a refusal of the repetition is no refusal of the entry': onStage(async (stage) => {
      for (const code of ['pushback', 'storage-full'] as const) {
        const before = (await stage.eye.sequence.head()).next;
        const replica = await stage.start();
        let land = (): Promise<unknown> => never();
        replica.script.once('append', (apply) => {
          land = apply;
          return Promise.reject(new LogError('outcome-unknown', 'the connection broke'));
        });
        replica.script.once('append', async () => {
          await land();
          throw new LogError(code, 'not now');
        });
        // Whoever is told that it was refused may take it that it never comes into the log.
        assert.equal((await replica.add(before)).index, before);
        assert.equal(replica.log.status().unready, undefined);
        await replica.close();
      }
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
