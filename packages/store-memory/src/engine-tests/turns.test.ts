import { setTimeout as later } from 'node:timers/promises';
import { realClock } from '@tilewright/log/testing';
import { expect, test } from 'vitest';
import { emptyMemoryState } from '../memory-state.ts';
import { openMemoryStore } from '../open-memory-store.ts';
import { changed, entry, testLog, visible } from './test-log.ts';

const SLOT_MS = 300;

/** A replica on a medium that takes a checkpoint every 300 ms, and what it wrote there. */
async function replica(state: ReturnType<typeof emptyMemoryState>) {
  const store = openMemoryStore({ state, clock: realClock(), minIntervalMs: SLOT_MS });
  const wrote = { objects: 0, checkpoints: 0 };
  const objects = changed(store.objects, {
    create: (path, bytes) => {
      wrote.objects += 1;
      return store.objects.create(path, bytes);
    },
  });
  const checkpoints = changed(store.checkpoints, {
    replace: (note, expected) => {
      wrote.checkpoints += 1;
      return store.checkpoints.replace(note, expected);
    },
  });
  return { ...(await testLog({ store, changed: { objects, checkpoints } })), wrote };
}

test('where a checkpoint takes its time one replica publishes for all, and another one when it is gone', async () => {
  const state = emptyMemoryState();
  const one = await replica(state);
  const two = await replica(state);
  await one.log.add(entry('first'));
  await later(2 * SLOT_MS);
  const before = { ...two.wrote };
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      [0, 1, 2].flatMap((n) => [one.log.add(entry(`${round} ${n}`)), two.log.add(entry(`${round} ${n + 10}`))]),
    );
  }
  expect(one.wrote.checkpoints + two.wrote.checkpoints).toBeGreaterThanOrEqual(4);
  const ofTwo = two.wrote.checkpoints - before.checkpoints;
  // It may win the slot in which it does not know yet that another one publishes.
  expect(Math.min(ofTwo, one.wrote.checkpoints)).toBeLessThanOrEqual(2);
  expect(one.wrote.checkpoints + ofTwo).toBeLessThanOrEqual(10);
  const publisher = ofTwo > one.wrote.checkpoints ? two : one;
  const heir = publisher === one ? two : one;
  await publisher.log.close({ timeoutMs: 1000 });
  const alone = await heir.log.add(entry('alone'));
  expect(alone.publication.tree.size).toBe(26);
  await heir.log.close({ timeoutMs: 1000 });
  expect((await visible(heir.store)).size).toBe(26);
});
