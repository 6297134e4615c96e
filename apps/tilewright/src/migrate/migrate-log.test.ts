import { equalBytes } from '@tilewright/core/bytes';
import { frozenLine } from '@tilewright/core/checkpoint';
import { bundlePath, bundlesBetween, tilePath, tilesBetween } from '@tilewright/core/tiles';
import { checkLog } from '@tilewright/log/testing';
import { expect, test } from 'vitest';
import { type BuiltLog, builtEntry, builtLog } from '../testing/built-log.ts';
import { freshKey, type MemoryDestination, memoryDestination, migrate } from '../testing/memory-destination.ts';

const key = freshKey();

/** Every object that a log of this size has is there with the source's bytes, and so is the source's checkpoint. */
function expectWhole({ state }: MemoryDestination, log: BuiltLog): void {
  const { size, root } = log.edge.tree;
  const paths = [
    ...tilesBetween(0, size).map((tile) => tilePath(tile)),
    ...bundlesBetween(0, size).map((bundle) => bundlePath(bundle)),
  ];
  const differing = paths.filter((path) => {
    const [found, wanted] = [state.objects.get(path), log.files.get(path)];
    return found === undefined || wanted === undefined || !equalBytes(found, wanted);
  });
  expect(differing).toEqual([]);
  expect(state.checkpoint?.note).toEqual(log.files.get('checkpoint'));
  expect([state.tree.size, state.next, state.signed.size, state.signed.root, state.batches]).toEqual([
    size,
    size,
    size,
    root,
    [],
  ]);
}

test.each([0, 1, 255, 256, 257, 65_536, 65_537])('a log of %i entries arrives with every byte', async (size) => {
  const log = await builtLog(key, size);
  const destination = memoryDestination();
  const done = await migrate(key, log, destination, { stepBytes: 400_000 });
  expect([done.before, done.published, done.checkpoint.size]).toEqual([0, true, size]);
  expectWhole(destination, log);
  expect(destination.isMarked()).toBe(false);
});

test('the slow algorithms agree with what was derived', async () => {
  const destination = memoryDestination();
  await migrate(key, await builtLog(key, 1000), destination, { stepBytes: 3000 });
  const { origin, verifier } = key;
  const { objects, checkpoints } = destination;
  const { entries } = await checkLog({ origin, verifier, objects, checkpoints });
  expect(entries.map((entry) => Uint8Array.from(entry))).toEqual(Array.from({ length: 1000 }, (_, i) => builtEntry(i)));
});

test('entries of 65,535 bytes', async () => {
  const entry = (i: number): Uint8Array => new Uint8Array(65_535).fill(i);
  const log = await builtLog(key, 300, { entry });
  const destination = memoryDestination();
  await migrate(key, log, destination);
  expectWhole(destination, log);
});

test('a partial bundle and its tile are cut from the full ones where they are gone', async () => {
  const now = await builtLog(key, 300);
  const later = await builtLog(key, 600, { before: now });
  for (const path of ['tile/entries/001.p/44', 'tile/0/001.p/44']) later.files.delete(path);
  later.files.set('checkpoint', now.files.get('checkpoint') ?? new Uint8Array(0));
  const destination = memoryDestination();
  await migrate(key, later, destination);
  expectWhole(destination, now);
});

test('a source that has grown is followed, from a whole tile and from the middle of one', async () => {
  const destination = memoryDestination();
  let log: BuiltLog | undefined;
  for (const size of [0, 100, 256, 512, 700, 1400]) {
    log = await builtLog(key, size, log && { before: log });
    const held = destination.state.tree.size;
    const done = await migrate(key, log, destination, { stepBytes: 2000 });
    expect([done.before, done.published]).toEqual([held, held < size || size === 0]);
    expectWhole(destination, log);
    expect(await migrate(key, log, destination)).toMatchObject({ before: size, published: false });
  }
});

test('the last checkpoint of a log that was frozen meanwhile is followed, and never taken back', async () => {
  const open = await builtLog(key, 300);
  const frozen = await builtLog(key, 300, { before: open, extensions: [frozenLine(1_787_296_857_000)] });
  const destination = memoryDestination();
  await migrate(key, open, destination);
  expect((await migrate(key, frozen, destination)).published).toBe(true);
  expectWhole(destination, frozen);
  expect((await migrate(key, open, destination)).published).toBe(false);
  expectWhole(destination, frozen);
  const grown = await builtLog(key, 301, { before: open });
  await expect(migrate(key, grown, destination)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('frozen'),
  });
});

test('progress tells what is durable, and how much there is', async () => {
  const told: [number, number][] = [];
  await migrate(key, await builtLog(key, 600), memoryDestination(), {
    stepBytes: 3000,
    progress: (done, total) => void told.push([done, total]),
  });
  expect(told).toEqual([
    [0, 600],
    [256, 600],
    [512, 600],
    [600, 600],
  ]);
});

test('one that is stopped goes on from what it has', async () => {
  const log = await builtLog(key, 2000);
  const stop = new AbortController();
  const destination = memoryDestination();
  const stopped = migrate(key, log, destination, {
    stepBytes: 4000,
    signal: stop.signal,
    progress: (done) => done >= 512 && stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  expect([destination.state.tree.size, destination.state.checkpoint, destination.isMarked()]).toEqual([
    512,
    undefined,
    true,
  ]);
  expect(await migrate(key, log, destination, { stepBytes: 4000 })).toMatchObject({ before: 512, published: true });
  expectWhole(destination, log);
});
