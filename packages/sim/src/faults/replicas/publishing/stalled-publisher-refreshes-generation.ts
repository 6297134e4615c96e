import assert from 'node:assert/strict';
import { hasCode } from '@tilewright/log';
import type { Fault } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** A publisher that has signed is stopped before it replaces the checkpoint, and others publish more meanwhile. */
export const stalledPublisherRefreshesGeneration: Fault = {
  name: 'stalled-publisher-refreshes-generation',
  scenarios: {
    'going on with the version that it knew, it takes over what is there': onStage(async (stage) => {
      const stalled = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      const replace = stalled.script.hold('replace');
      const late = stalled.add(0);
      await replace.reached;
      stalled.stop();
      for (let n = 1; n < 4; n++) await other.add(n);
      stalled.goOn();
      replace.letGo();
      const { index, publication } = await late;
      assert.deepEqual([index, publication.tree.size], [0, 4]);
      await stage.staysAt(4);
      assert.equal((await stalled.add(4)).index, 4);
      assert.equal((await stage.finish()).size, 5);
    }),

    'going on with a version that it has just read, it compares anew': onStage(async (stage) => {
      const stalled = await stage.start({ deaf: true });
      const other = await stage.start({ deaf: true });
      const held = other.script.hold('replace');
      void other.add(0);
      await held.reached;
      // It signs 2 entries; the other one's checkpoint of 1 comes first, so that it reads that version.
      const first = stalled.script.hold('replace');
      const late = stalled.add(1);
      await first.reached;
      held.letGo();
      await stage.until(async () => (await stage.shown()).size === 1);
      const second = stalled.script.hold('replace');
      first.letGo();
      await second.reached;
      stalled.stop();
      for (let n = 2; n < 5; n++) await other.add(n);
      stalled.goOn();
      second.letGo();
      const { index, publication } = await late;
      assert.deepEqual([index, publication.tree.size], [1, 5]);
      assert.equal((await stage.finish()).size, 5);
    }),

    'a store that is handed the newest version refuses the older checkpoint all the same': onStage(async (stage) => {
      const stalled = await stage.start();
      const other = await stage.start();
      await stalled.add(0);
      const { note: old } = await stage.shown();
      await other.add(1);
      const { version } = await stage.shown();
      await assert.rejects(stage.eye.checkpoints.replace(old, version), (error) => hasCode(error, 'fork'));
      await stage.staysAt(2);
      assert.equal((await stage.finish()).size, 2);
    }),
  },
};
