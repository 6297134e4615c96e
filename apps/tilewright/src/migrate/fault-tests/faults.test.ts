import { LogError } from '@tilewright/log';
import { emptyMemoryState, type MemoryState } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { type BuiltLog, builtLog } from '../../testing/built-log.ts';
import { freshKey, type MemoryDestination, memoryDestination, migrate } from '../../testing/memory-destination.ts';
import type { Destination } from '../destination.ts';

const key = freshKey();
const first: BuiltLog = await builtLog(key, 300);
const log: BuiltLog = await builtLog(key, 1100, { before: first });
const STEP = { stepBytes: 4000 };

type When = 'before' | 'after';

/** The destination, whose call number `at` of any port fails once: before it does anything, or after it did everything. */
function failing(
  destination: MemoryDestination,
  at: number,
  when: When,
): { destination: Destination; calls: () => number } {
  let calls = 0;
  const disturbed = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]): Promise<unknown> => {
          const mine = calls++ === at;
          const fault = new LogError('storage-failed', `call ${at}, ${String(name)}, failed`);
          if (mine && when === 'before') throw fault;
          const result: unknown = await Reflect.apply(member, target, args);
          if (mine) throw fault;
          return result;
        };
      },
    });
  const { objects, checkpoints, sequence, mark } = destination;
  return {
    calls: () => calls,
    destination: {
      ...destination,
      objects: disturbed(objects),
      checkpoints: disturbed(checkpoints),
      sequence: disturbed(sequence),
      ...(mark && { mark: disturbed(mark) }),
    },
  };
}

/** What everybody sees, and what the engine goes on from. */
function visible({ objects, checkpoint, tree, signed, next, batches }: MemoryState): unknown {
  return { objects: [...objects].sort(), note: checkpoint?.note, tree, signed, next, batches };
}

/** What is there when nothing fails. */
async function reference(prepare: (state: MemoryState) => Promise<void>): Promise<{ whole: unknown; calls: number }> {
  const destination = memoryDestination();
  await prepare(destination.state);
  const counted = failing(destination, -1, 'before');
  await migrate(key, log, counted.destination, STEP);
  return { whole: visible(destination.state), calls: counted.calls() };
}

const stories: readonly (readonly [string, (state: MemoryState) => Promise<void>])[] = [
  ['into an empty store', async () => {}],
  [
    'that follows a source which has grown',
    async (state) => void (await migrate(key, first, memoryDestination(state), STEP)),
  ],
];

for (const [name, prepare] of stories) {
  test(`a migration ${name}, in which each call of each port fails once, is made whole by the next`, async () => {
    const { whole, calls } = await reference(prepare);
    expect(calls).toBeGreaterThan(30);
    for (let at = 0; at < calls; at++) {
      for (const when of ['before', 'after'] as const) {
        const state = emptyMemoryState();
        await prepare(state);
        const disturbed = failing(memoryDestination(state), at, when);
        await expect(migrate(key, log, disturbed.destination, STEP)).rejects.toMatchObject({ code: 'storage-failed' });
        await migrate(key, log, memoryDestination(state), STEP);
        expect([at, when, visible(state)]).toEqual([at, when, whole]);
      }
    }
  });
}

test('a checkpoint is never there before all that it covers is, and the mark is there in between', async () => {
  const { calls } = await reference(async () => {});
  for (let at = 0; at < calls; at++) {
    const destination = memoryDestination();
    await migrate(key, log, failing(destination, at, 'after').destination, STEP).catch(() => undefined);
    const { checkpoint, tree, signed, next } = destination.state;
    if (checkpoint !== undefined) expect([tree.size, signed.size]).toEqual([1100, 1100]);
    if (checkpoint === undefined && next > 0) expect(destination.isMarked()).toBe(true);
  }
});
