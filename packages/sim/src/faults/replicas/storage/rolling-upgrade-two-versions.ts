import assert from 'node:assert/strict';
import { encodeHex } from '@tilewright/core/bytes';
import type { LogOptions } from '@tilewright/log';
import { entry } from '../../../world/entries.ts';
import { processEntropy } from '../../../world/process-world.ts';
import type { Replica } from '../stage/replica.ts';
import type { Fault, SharedStore } from '../stage/shared-store.ts';
import { onStage } from '../stage/stage.ts';

/** A version that integrates an entry or two at a time, and one that takes whatever there is. */
const SMALL: Partial<LogOptions> = { batch: { maxEntries: 2, maxBytes: 1000 }, step: { maxEntries: 1, maxBytes: 1 } };
const LARGE: Partial<LogOptions> = {};
const ENTRIES = 23;
const tokens = processEntropy(99);

/** Keeps what `replica` writes, as path → bytes. */
function written({ script }: Replica): Map<string, string> {
  const objects = new Map<string, string>();
  script.always('create', (apply, path, bytes) => {
    const hex = encodeHex(bytes);
    assert.equal(hex, objects.get(path) ?? hex, path);
    objects.set(path, hex);
    return apply();
  });
  return objects;
}

function inCommon(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  const paths = [...one.keys()].filter((path) => other.has(path));
  for (const path of paths) assert.equal(one.get(path), other.get(path), path);
  return paths;
}

/** What one version alone writes of a log of `ENTRIES` entries. */
async function alone(makeStore: () => SharedStore, limits: Partial<LogOptions>): Promise<Map<string, string>> {
  let objects = new Map<string, string>();
  await onStage(async (stage) => {
    const replica = await stage.start({ limits });
    objects = written(replica);
    await Promise.all(Array.from({ length: ENTRIES }, (_, n) => replica.add(n)));
    assert.equal((await stage.finish()).size, ENTRIES);
  })(makeStore);
  return objects;
}

/** Two versions of the program, which integrate at different step sizes, serve one log. */
export const rollingUpgradeTwoVersions: Fault = {
  name: 'rolling-upgrade-two-versions',
  scenarios: {
    'they write the same bytes where they write the same object, beside each other': onStage(async (stage) => {
      const small = await stage.start({ limits: SMALL, deaf: true });
      const large = await stage.start({ limits: LARGE, deaf: true });
      const objects = [written(small), written(large)] as const;
      for (let n = 0; n < ENTRIES; n++) {
        await stage.eye.sequence.append([entry(n).data], tokens.token(), new AbortController().signal);
      }
      // Both integrate all of that; the large steps are always late to move the tree.
      large.script.always('advance', (apply) => stage.pause(100).then(apply));
      await Promise.all([small.add(ENTRIES), large.add(ENTRIES + 1)]);
      large.script.clear();
      for (let n = ENTRIES + 2; n < ENTRIES + 13; n++) await (n % 2 === 0 ? small : large).add(n);
      // The full ones of 23 entries: 5 bundles, 5 tiles, and 1 tile above them. Where they take turns they hardly race.
      const raced = stage.eye.checkpoints.minIntervalMs === 0 ? 11 : 0;
      assert.ok(inCommon(...objects).length >= raced, 'they raced for the same objects');
      assert.equal((await stage.finish()).size, ENTRIES + 13);
    }),

    'each writes what the other would have written': async (makeStore) => {
      const [small, large] = [await alone(makeStore, SMALL), await alone(makeStore, LARGE)];
      assert.ok(small.size > large.size, 'smaller steps leave more partials');
      // All that one large step writes of 23 entries: 6 bundles, 6 tiles of their hashes, 2 above those, 1 on top.
      assert.ok(inCommon(small, large).length >= 15);
    },
  },
};
