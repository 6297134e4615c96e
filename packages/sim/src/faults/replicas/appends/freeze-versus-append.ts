import assert from 'node:assert/strict';
import { hasCode, LogError } from '@tilewright/log';
import type { Fault } from '../stage/shared-store.ts';
import { onStage, type Stage } from '../stage/stage.ts';

type Act = 'first' | 'second' | 'freeze';
const ORDERS: readonly (readonly Act[])[] = [
  ['first', 'second', 'freeze'],
  ['first', 'freeze', 'second'],
  ['second', 'first', 'freeze'],
  ['second', 'freeze', 'first'],
  ['freeze', 'first', 'second'],
  ['freeze', 'second', 'first'],
];

const isFrozen = (error: unknown): boolean => hasCode(error, 'frozen');

/** Two replicas have an append on its way, and somebody freezes the log: they land in this order. */
async function land(stage: Stage, order: readonly Act[]): Promise<void> {
  const replicas = { first: await stage.start(), second: await stage.start() };
  const holds = { first: replicas.first.script.hold('append'), second: replicas.second.script.hold('append') };
  const added = { first: replicas.first.add(0), second: replicas.second.add(1) };
  await Promise.all([holds.first.reached, holds.second.reached]);
  let next = 0;
  let frozen = false;
  for (const act of order) {
    if (act === 'freeze') {
      assert.equal(await stage.eye.sequence.freeze(1), next);
      frozen = true;
      continue;
    }
    holds[act].letGo();
    if (frozen) await assert.rejects(added[act], isFrozen);
    else await stage.until(async () => (await stage.eye.sequence.head()).next === next + 1);
    if (!frozen) next += 1;
  }
  const early = order.slice(0, order.indexOf('freeze'));
  for (const [index, act] of early.entries()) assert.equal((await added[act as 'first' | 'second']).index, index);
  for (const replica of Object.values(replicas)) await assert.rejects(replica.add(2), isFrozen);
  assert.equal((await stage.eye.sequence.head()).next, next);
  await stage.until(async () => (await stage.shown()).size === next);
  await stage.staysAt(next);
  assert.equal((await stage.finish()).size, next);
}

/** The log is frozen while appends are on their way: each is in the log below what freezing returned, or refused. */
export const freezeVersusAppend: Fault = {
  name: 'freeze-versus-append',
  scenarios: {
    ...Object.fromEntries(
      ORDERS.map((order) => [`landing as ${order.join(', ')}`, onStage((stage) => land(stage, order))]),
    ),

    'an append of unknown outcome that came before the freeze tells its index after it': onStage(async (stage) => {
      const replica = await stage.start();
      replica.script.once('append', async (apply) => {
        await apply();
        assert.equal(await stage.eye.sequence.freeze(1), 1);
        throw new LogError('outcome-unknown', 'the connection broke');
      });
      assert.equal((await replica.add(0)).index, 0);
      await assert.rejects(replica.add(1), isFrozen);
      assert.equal((await stage.finish()).size, 1);
    }),

    'an append of unknown outcome that the freeze came before never lands': onStage(async (stage) => {
      const replica = await stage.start();
      let late = (): Promise<unknown> => Promise.reject(new Error('no append was made'));
      replica.script.once('append', async (apply) => {
        late = apply;
        assert.equal(await stage.eye.sequence.freeze(1), 0);
        throw new LogError('outcome-unknown', 'the connection broke');
      });
      await assert.rejects(replica.add(0), isFrozen);
      await assert.rejects(late(), isFrozen);
      assert.equal((await stage.finish()).size, 0);
    }),

    'what a replica sequenced before the freeze and its end is published by another': onStage(async (stage) => {
      const replica = await stage.start();
      const other = await stage.start();
      const hold = replica.script.holdAnswer('append');
      void replica.add(0);
      await hold.reached;
      replica.kill();
      assert.equal(await stage.eye.sequence.freeze(1), 1);
      await stage.until(() => other.log.published().tree.size === 1);
      await stage.staysAt(1);
      assert.equal((await stage.finish()).size, 1);
    }),
  },
};
