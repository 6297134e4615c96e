import { encodeUtf8 } from '@tilewright/core/bytes';
import { type CommittedTree, HALTED, type SequenceStore, type Token } from '@tilewright/log/ports';
import { type Intercept, SimulatedDisk } from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { open, publishNothing, ROOT, tree } from './scene.ts';

const never = new AbortController().signal;
const token = (n: number): Token => new Uint8Array(16).fill(n) as Uint8Array as Token;
const append = (store: SequenceStore, n: number): Promise<number> =>
  store.append([encodeUtf8(`entry ${n}`)], token(n), never);
const fork = { code: 'fork' };

/** A log of four sequenced entries, two of them integrated and signed. */
async function two(
  intercept?: Intercept,
): Promise<{ disk: SimulatedDisk; sequence: SequenceStore; at: CommittedTree }> {
  const disk = new SimulatedDisk();
  const store = await open(disk, intercept);
  await publishNothing(store);
  const { sequence } = store;
  for (let n = 0; n < 4; n++) await append(sequence, n);
  const at = await sequence.advance((await sequence.head()).tree, tree(2));
  if (at === 'lost') throw new Error('nobody else advances');
  expect(await sequence.raiseSigned(at, 0)).toBe('raised');
  return { disk, sequence, at };
}

test('whoever holds another root of the same size has lost', async () => {
  const { sequence } = await two();
  expect(await sequence.advance(tree(2, 'other') as CommittedTree, tree(3))).toBe('lost');
});

test('the tree goes neither back nor to another root', async () => {
  const { sequence, at } = await two();
  await expect(sequence.advance(at, tree(1))).rejects.toMatchObject(fork);
  await expect(sequence.advance(at, tree(2, 'other'))).rejects.toMatchObject(fork);
});

test('of two advances at once one has lost', async () => {
  const { sequence, at } = await two();
  const done = await Promise.all([sequence.advance(at, tree(3)), sequence.advance(at, tree(3, 'other'))]);
  expect(done.filter((each) => each === 'lost').length).toBe(1);
});

test('the floor rises to nothing that is not committed, and to no second root', async () => {
  const { sequence, at } = await two();
  await expect(sequence.raiseSigned(tree(3) as CommittedTree, 0)).rejects.toMatchObject(fork);
  await sequence.advance(at, tree(3));
  await expect(sequence.raiseSigned(tree(2, 'other') as CommittedTree, 0)).rejects.toMatchObject(fork);
});

test('the mark of a frozen log survives a power loss, and so does when it was frozen', async () => {
  const { disk, sequence } = await two();
  expect(await sequence.freeze(1234)).toBe(4);
  disk.powerLoss(0);
  const { sequence: again } = await open(disk);
  expect((await again.head()).frozenAtMs).toBe(1234);
  expect(await again.freeze(5678)).toBe(4);
  expect((await again.head()).frozenAtMs).toBe(1234);
});

test('a mark that was found is durable, whoever made it and died', async () => {
  const { disk, sequence } = await two(({ purpose }) =>
    purpose === 'frozen-dir' ? { kind: 'stop-before' } : undefined,
  );
  const late = new Promise((done) => setTimeout(done, 20));
  await Promise.race([sequence.freeze(1234).catch(() => undefined), late]);
  expect((await (await open(disk)).sequence.head()).frozenAtMs).toBe(1234);
  disk.powerLoss(0);
  const { sequence: last } = await open(disk);
  expect((await last.head()).frozenAtMs).toBe(1234);
  await expect(append(last, 4)).rejects.toMatchObject({ code: 'frozen' });
});

test('a mark of an older program is one of a log that stopped for good; a damaged one is refused', async () => {
  const { disk, sequence } = await two();
  await sequence.close();
  const somebody = disk.process();
  const mark = await somebody.open(`${ROOT}/.state/frozen`, 'create', 0o600);
  const first = await open(disk);
  expect((await first.sequence.head()).frozenAtMs).toBe(HALTED);
  await first.sequence.close();
  for (const text of ['1\n2', '01\n', '-1\n', '12', 'x\n', '9007199254740993\n']) {
    await mark.truncate(0);
    await mark.pwrite(encodeUtf8(text), 0);
    await expect(open(disk)).rejects.toMatchObject({ code: 'corrupt', path: '.state/frozen' });
  }
});

test('what is not integrated survives, whatever is released', async () => {
  const { disk, sequence } = await two();
  for (let n = 4; n < 10; n++) await append(sequence, n);
  await sequence.release(tree(10).size);
  disk.powerLoss(1);
  const { sequence: again } = await open(disk);
  const { batches } = await again.pending({ entries: 100, bytes: 100_000 });
  expect(batches.flatMap(({ entries }) => entries).length).toBe(8);
});

test('an append that found no room may be tried again with its token', async () => {
  const { disk, sequence } = await two();
  disk.capacity = disk.used;
  const refused = async (): Promise<unknown> => {
    for (let n = 4; n < 20; n++) {
      const error = await append(sequence, n).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) return { n, error };
    }
    return undefined;
  };
  const found = await refused();
  expect(found).toMatchObject({ error: { code: 'storage-full' } });
  disk.capacity = Number.MAX_SAFE_INTEGER;
  expect(await sequence.room()).toBe(true);
  const { n } = found as { n: number };
  expect(await append(sequence, n)).toBe(n);
});

test('a store that was closed writes nothing more, and closing waits for what is under way', async () => {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  let holding = false;
  const { sequence } = await two(async ({ purpose }) => {
    if (!holding || purpose !== 'segment-record') return undefined;
    reached.resolve();
    await held.promise;
    return undefined;
  });
  holding = true;
  let appended = false;
  const last = append(sequence, 4).then(() => {
    appended = true;
  });
  await reached.promise;
  const closed = sequence.close().then(() => expect(appended).toBe(true));
  setImmediate(() => held.resolve());
  await closed;
  await last;
  await expect(append(sequence, 5)).rejects.toMatchObject({ code: 'closing' });
});

test.each(['segment-record', 'tree-advanced', 'floor-raised', 'object-dir'])(
  'after a failed %s sync nothing is stored, signed or frozen',
  async (broken) => {
    let breaking = false;
    const disk = new SimulatedDisk();
    const store = await open(disk, ({ purpose }) =>
      breaking && purpose === broken ? { kind: 'error', errno: 'EIO' } : undefined,
    );
    await publishNothing(store);
    const { sequence, objects, checkpoints } = store;
    await append(sequence, 0);
    const { tree: zero } = await sequence.head();
    const at = (await sequence.advance(zero, tree(1))) as CommittedTree;
    breaking = true;
    const failing: Record<string, () => Promise<unknown>> = {
      'segment-record': () => append(sequence, 1),
      'tree-advanced': () => sequence.advance(at, tree(1)),
      'floor-raised': () => sequence.raiseSigned(at, 0),
      'object-dir': async () => {
        await objects.create('tile/0/001.p/1' as Parameters<typeof objects.create>[0], new Uint8Array(32));
        await objects.sync();
      },
    };
    const failed = { code: 'storage-failed' };
    await expect(failing[broken]?.()).rejects.toMatchObject(failed);
    breaking = false;
    await expect(sequence.raiseSigned(zero, 0)).rejects.toMatchObject(failed);
    await expect(sequence.advance(at, tree(1))).rejects.toMatchObject(failed);
    await expect(append(sequence, 2)).rejects.toMatchObject(failed);
    await expect(sequence.freeze(1)).rejects.toMatchObject(failed);
    await expect(objects.sync()).rejects.toMatchObject(failed);
    await expect(
      objects.create('tile/0/002.p/1' as Parameters<typeof objects.create>[0], new Uint8Array(32)),
    ).rejects.toMatchObject(failed);
    const stored = await checkpoints.read();
    await expect(checkpoints.replace(new Uint8Array(1), stored?.version ?? 'absent')).rejects.toMatchObject(failed);
  },
);
