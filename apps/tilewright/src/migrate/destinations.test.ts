import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { bundlePath } from '@tilewright/core/tiles';
import { LogError } from '@tilewright/log';
import type { SequenceStore } from '@tilewright/log/ports';
import { realEntropy } from '@tilewright/log/testing';
import { expect, test } from 'vitest';
import { type BuiltLog, builtEntry, builtLog } from '../testing/built-log.ts';
import { freshKey, type MemoryDestination, memoryDestination, migrate } from '../testing/memory-destination.ts';
import { migrationToken } from './copy-sequencer.ts';

const key = freshKey();
const log: BuiltLog = await builtLog(key, 700);
const grown: BuiltLog = await builtLog(key, 900, { before: log });
const { signal } = new AbortController();

/** Entries that somebody appended who is no migration. */
function append({ sequence }: MemoryDestination, ...entries: readonly Uint8Array[]): Promise<unknown> {
  return sequence.append(entries, realEntropy().token(), signal);
}

/** Refused before anything of it is changed: a server can go on with it. */
async function expectRefused(destination: MemoryDestination, from: BuiltLog, message: string): Promise<void> {
  const { state } = destination;
  const before = structuredClone({ ...state, watchers: undefined });
  await expect(migrate(key, from, destination)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining(message),
  });
  expect(structuredClone({ ...state, watchers: undefined })).toEqual(before);
  expect(destination.isMarked()).toBe(false);
}

async function filled(from: BuiltLog = log): Promise<MemoryDestination> {
  const destination = memoryDestination();
  await migrate(key, from, destination);
  return destination;
}

test('a log of another key or origin', async () => {
  const destination = memoryDestination();
  const stranger = freshKey('other.test');
  await migrate(stranger, await builtLog(stranger, 3), destination);
  await expectRefused(destination, log, 'another log than log.test');
  const sameName = freshKey();
  const second = memoryDestination();
  await migrate(sameName, await builtLog(sameName, 3), second);
  await expectRefused(second, log, 'another log than log.test');
});

test('one that is ahead of the source', async () => {
  await expectRefused(await filled(grown), log, 'has published 900 entries');
});

test('one that a server added an entry to', async () => {
  const destination = await filled();
  await append(destination, encodeUtf8('of a server'));
  await expectRefused(destination, log, 'has taken in 701 entries');
});

test('a fork: other entries under the key of the log', async () => {
  const fork = await builtLog(key, 300, { entry: (i) => encodeUtf8(`other ${i}`) });
  await expectRefused(await filled(fork), log, 'which the source does not continue');
  const sameSize = await builtLog(key, 700, { entry: (i) => encodeUtf8(`other ${i}`) });
  await expectRefused(await filled(sameSize), log, 'which the source does not continue');
});

test('tiles of which the state knows nothing', async () => {
  const destination = memoryDestination();
  await destination.objects.create(bundlePath({ index: 0, width: 1 }), new Uint8Array(2));
  await expectRefused(destination, log, 'that its state does not know');
});

test('one that is frozen', async () => {
  const destination = await filled();
  await destination.sequence.freeze(1);
  await expectRefused(destination, grown, 'is frozen');
  expect(await migrate(key, log, destination)).toMatchObject({ published: false });
});

test('entries that an interrupted run sequenced are taken, those of somebody else are not', async () => {
  const same = memoryDestination();
  await append(same, ...[0, 1, 2].map(builtEntry));
  await migrate(key, log, same);
  expect(same.state.tree).toEqual(log.edge.tree);
  const other = await filled();
  await append(other, builtEntry(700), encodeUtf8('of a server'));
  await expect(migrate(key, grown, other)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('another entry at index 701'),
  });
  expect([other.state.tree.size, other.state.checkpoint?.note]).toEqual([700, log.files.get('checkpoint')]);
});

test('a signed floor without its checkpoint, as a crash between the two leaves it, is gone on from', async () => {
  const destination = await filled();
  destination.state.checkpoint = undefined;
  expect(await migrate(key, log, destination)).toMatchObject({ before: 700, published: true });
  expect(destination.state.checkpoint).toMatchObject({ note: log.files.get('checkpoint') });
});

/** A destination whose sequence store is replaced in part. */
function withSequence(destination: MemoryDestination, change: Partial<SequenceStore>): MemoryDestination {
  return { ...destination, sequence: { ...destination.sequence, ...change } };
}

test('an append whose outcome nobody knows is asked again with the same token', async () => {
  const destination = memoryDestination();
  const { append: really } = destination.sequence;
  let tries = 0;
  const unsure = withSequence(destination, {
    append: async (entries, token, stop) => {
      const effective = tries++ % 3 > 0;
      if (effective) await really(entries, token, stop);
      if (tries % 3 > 0) throw new LogError('outcome-unknown', 'nobody knows');
      return really(entries, token, stop);
    },
  });
  await migrate(key, log, unsure, { stepBytes: 3000 });
  expect([destination.state.tree, destination.state.next]).toEqual([log.edge.tree, 700]);
});

test.each([1, 100, 500])(
  'an append of a killed run that takes effect late, with %i entries, is no second one',
  async (count) => {
    const destination = memoryDestination();
    const { append: really, head } = destination.sequence;
    let asked = 0;
    const late = withSequence(destination, {
      head: () => head(),
      append: async (entries, token, stop) => {
        if (asked++ === 0) {
          const theirs = Array.from({ length: count }, (_, i) => builtEntry(i));
          await really(theirs, migrationToken(key.logId, 0), stop);
        }
        return really(entries, token, stop);
      },
    });
    await migrate(key, log, late, { stepBytes: 2000 });
    expect([destination.state.tree, destination.state.next]).toEqual([log.edge.tree, 700]);
  },
);

test('a server that appends in the middle of it is noticed, and nothing is published', async () => {
  const destination = memoryDestination();
  const { append: really } = destination.sequence;
  const crowded = withSequence(destination, {
    append: async (entries, token, stop) => {
      await append(destination, encodeUtf8('of a server'));
      return really(entries, token, stop);
    },
  });
  await expect(migrate(key, log, crowded)).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('somebody else writes'),
  });
  expect(destination.state.checkpoint).toBeUndefined();
});

test('whoever advances or publishes in the middle of it is not overwritten', async () => {
  const advanced = memoryDestination();
  const lost = withSequence(advanced, { advance: async () => 'lost' });
  await expect(migrate(key, log, lost)).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('somebody else integrates'),
  });
  const published = memoryDestination();
  const { checkpoints } = published;
  const stolen = { ...published, checkpoints: { ...checkpoints, replace: async () => 'lost' as const } };
  await expect(migrate(key, log, stolen)).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('somebody else published'),
  });
});

test('two migrations of one source into one store, side by side, make one log', async () => {
  const { state } = memoryDestination();
  const runs = await Promise.allSettled(
    [500, 900].map((stepBytes) => migrate(key, log, memoryDestination(state), { stepBytes })),
  );
  for (const run of runs)
    if (run.status === 'rejected') expect(run.reason).toMatchObject({ code: expect.stringMatching(/failed|fork/) });
  await migrate(key, log, memoryDestination(state));
  expect([state.tree, state.next, state.checkpoint?.note]).toEqual([
    log.edge.tree,
    asTreeSize(700),
    log.files.get('checkpoint'),
  ]);
});

test('where the pause between checkpoints is asked for, it is kept', async () => {
  const destination = memoryDestination();
  const { raiseSigned: really } = destination.sequence;
  const waits = [30, 10];
  const slow = withSequence(destination, {
    raiseSigned: async (to, minAgeMs) => {
      const waitMs = waits.pop();
      return waitMs === undefined ? really(to, minAgeMs) : { waitMs };
    },
  });
  await migrate(key, log, slow);
  expect([waits, destination.state.signed.size]).toEqual([[], 700]);
});
