import assert from 'node:assert/strict';
import { decodeUtf8 } from '@tilewright/core/bytes';
import { frozenLineOf, parseCheckpoint } from '@tilewright/core/checkpoint';
import { parseNote } from '@tilewright/core/note';
import { hasCode } from '@tilewright/log';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** The log is frozen, and everything in it published: that checkpoint is the last, whoever comes along. */
export const republishAfterFreeze: Fault = {
  name: 'republish-after-freeze',
  scenarios: {
    'a publisher that slept through the freeze puts nothing over the last checkpoint': onStage(async (stage) => {
      const stalled = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      const replace = stalled.script.hold('replace');
      const late = stalled.add(0);
      await replace.reached;
      stalled.stop();
      await Promise.all([other.add(1), other.add(2)]);
      const { publication, line } = await other.log.freeze();
      await stage.staysAt(3);
      const { version, note } = await stage.shown();
      assert.deepEqual(note, publication.note);
      assert.ok(decodeUtf8(note).includes(`\n${line}\n`));
      stalled.goOn();
      replace.letGo();
      assert.equal((await late).publication.tree.size, 3);
      await assert.rejects(stalled.add(3), (error) => hasCode(error, 'frozen'));
      await stage.staysAt(3);
      assert.equal((await stage.shown()).version, version);
      assert.equal((await stage.finish()).size, 3);
    }),

    'nor does one that was about to publish the very tree that was the last': onStage(async (stage) => {
      const stalled = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      const replace = stalled.script.hold('replace');
      const late = stalled.add(0);
      await replace.reached;
      stalled.stop();
      await other.log.freeze();
      await stage.staysAt(1);
      const { version, note } = await stage.shown();
      stalled.goOn();
      replace.letGo();
      assert.deepEqual((await late).publication.note, note);
      assert.equal(stalled.log.status().frozen, true);
      await stage.staysAt(1);
      assert.equal((await stage.shown()).version, version);
      assert.equal((await stage.finish()).size, 1);
    }),

    'two replicas that freeze the log at one time make one line of it': onStage(async (stage) => {
      const one = await stage.start();
      const other = await stage.start();
      await one.add(0);
      const ends = await Promise.all([one.log.freeze(), other.log.freeze()]);
      assert.equal(ends[0].line, ends[1].line);
      assert.deepEqual(await one.log.freeze().then(({ already }) => already), true);
      await stage.staysAt(1);
      assert.equal((await stage.finish()).size, 1);
    }),

    'whoever freezes and dies at once is followed by another, who finishes it': onStage(async (stage) => {
      const dead = await stage.start();
      const other = await stage.start();
      const head = dead.script.hold('head');
      void dead.log.freeze();
      await head.reached;
      dead.kill();
      await stage.until(() => other.log.status().frozen);
      await stage.until(
        async () => frozenLineOf(parseCheckpoint(parseNote((await stage.shown()).note).text)) !== undefined,
      );
      assert.equal((await stage.finish()).size, 0);
    }),

    'what was sequenced before the freeze is published once, and nothing is signed afterwards': onStage(
      async (stage) => {
        const dead = await stage.start();
        const replace = dead.script.hold('replace');
        void dead.add(0);
        await replace.reached;
        dead.kill();
        assert.equal(await stage.eye.sequence.freeze(1), 1);
        const first = await stage.start();
        assert.deepEqual(first.signed, [1]);
        const { version } = await stage.shown();
        for (let i = 0; i < 3; i++) {
          const again = await stage.start();
          await assert.rejects(again.add(1), (error) => hasCode(error, 'frozen'));
          await stage.staysAt(1);
          assert.equal(await again.close(), 'settled');
          assert.deepEqual(again.signed, []);
        }
        assert.equal((await stage.shown()).version, version);
        assert.equal((await stage.finish()).size, 1);
      },
    ),
  },
};
