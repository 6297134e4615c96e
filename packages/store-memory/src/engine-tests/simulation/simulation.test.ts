import { encodeHex } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { expect, test } from 'vitest';
import { openMemoryStore } from '../../open-memory-store.ts';
import { testLog, testStore, visible } from '../test-log.ts';
import { PLANS } from './plans.ts';
import { Witness } from './witness.ts';
import { type Plan, runWorkload } from './workload.ts';
import { World } from './world.ts';

/** Takes one course of a plan, then judges the log from its bytes. */
async function course(plan: Plan, seed: number): Promise<void> {
  const world = new World(seed);
  const { tileHeight = 8 } = plan.limits;
  const witness = new Witness(tileHeight);
  const store = openMemoryStore({ clock: world.clock, minIntervalMs: plan.minIntervalMs });
  await world.run(runWorkload(world, store, witness, plan), 600_000);
  // A last start without any fault finds and publishes whatever was left.
  const { log } = await testLog({ store: testStore(store.state), limits: { tileHeight } });
  expect(log.status()).toMatchObject({ unready: undefined, dedupeLag: 0 });
  await log.close({ timeoutMs: 5000 });
  const checked = await visible(store, tileHeight);
  witness.judge(checked);
  expect(checked.size).toBe(store.state.next);
  if (plan.replicas > 1 || !plan.dedupe) return;
  const leaves = checked.entries.map((entry) => encodeHex(leafHash(entry)));
  expect(new Set(leaves).size, 'one process never takes an entry in twice').toBe(leaves.length);
}

test.each(Object.entries(PLANS))('%s: no answer is ever taken back', async (_, plan) => {
  for (let seed = 1; seed <= 2; seed++) {
    await course(plan, seed).catch((cause: unknown) => {
      throw new Error(`course ${seed} went wrong`, { cause });
    });
  }
});
