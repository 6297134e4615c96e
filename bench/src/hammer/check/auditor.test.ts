import { encodeUtf8 } from '@tilewright/core/bytes';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { ReadFailure } from '../net/log-reads.ts';
import { leafOf, MemoryLog, texts } from '../testing/memory-log.ts';
import { Auditor } from './auditor.ts';
import { noChecks } from './check-counts.ts';
import { CheckpointBook } from './checkpoint-book.ts';
import { Judge } from './judge.ts';
import { Promises } from './promises.ts';

const KEY = loadSignerFile(generateEd25519KeyPem(), 'log.example');

/** An auditor that began at `first`, and reads `view.files`. */
async function begin(log: MemoryLog, first: OpenedCheckpoint) {
  const [judge, counts, promises] = [new Judge(), noChecks(), new Promises()];
  const view = { files: log.files, isDown: false };
  const book = new CheckpointBook(KEY, first, judge, counts);
  const read = async (path: string) => {
    if (view.isDown) throw new ReadFailure('http 500', 'down');
    return view.files.get(path);
  };
  const auditor = await Auditor.start({ read, book, promises, judge, counts });
  const kinds = () => judge.violations.map(({ kind }) => kind);
  const promise = (index: number, text: string) => promises.add(index, leafOf(text), encodeUtf8(text));
  const audit = async (checkpoint: OpenedCheckpoint, isLast = false) => {
    book.open(checkpoint.note, 'of a test');
    await auditor?.audit(checkpoint, isLast);
    return kinds();
  };
  return { auditor, audit, kinds, promise, promises, counts, view };
}

test('a log that does what it says is found to', async () => {
  const log = new MemoryLog(KEY);
  const { audit, promise, promises, counts } = await begin(log, await log.grow(texts(0, 300)));
  for (const index of [5, 299, 300, 699, 700]) promise(index, `entry ${index}`);
  expect(await audit(await log.grow(texts(300, 400)))).toEqual([]);
  expect(promises.count).toBe(1);
  expect(await audit(await log.grow(texts(700, 1)), true)).toEqual([]);
  expect(counts).toMatchObject({ indexes: 5, roots: 2, consistencyProofs: 2, inclusionProofs: 2 });
  expect(promises.count).toBe(0);
});

test.each([[5], [270], [299]])('a log that has another past, from entry %i on, is a fork', async (place) => {
  const log = new MemoryLog(KEY);
  const { audit, view } = await begin(log, await log.grow(texts(0, 300)));
  const fork = new MemoryLog(KEY);
  const checkpoint = await fork.grow(texts(0, 700).with(place, 'another'));
  view.files = fork.files;
  expect(await audit(checkpoint)).toEqual(['checkpoint-inconsistent']);
});

test('a checkpoint whose tree is nowhere is a fork', async () => {
  const log = new MemoryLog(KEY);
  const { audit } = await begin(log, await log.grow(texts(0, 300)));
  const { size } = await log.grow(texts(300, 100));
  const { root } = await new MemoryLog(KEY).grow(['other']);
  expect(await audit(await log.sign({ size, root }))).toEqual(['checkpoint-inconsistent']);
});

test('a checkpoint that was seen and is of no tree of the log is found later', async () => {
  const log = new MemoryLog(KEY);
  const { audit, auditor } = await begin(log, await log.grow(texts(0, 300)));
  const { size } = await log.grow(texts(300, 10));
  const { root } = await new MemoryLog(KEY).grow(['other']);
  const bad = await log.sign({ size, root });
  const good = await log.grow(texts(310, 90));
  expect(await audit(good)).toEqual([]);
  expect(await audit(bad)).toEqual(['checkpoint-inconsistent']);
  expect(auditor?.audited.size).toBe(400);
});

test('an index of another entry: the entry is named where it is, also when it comes later', async () => {
  const log = new MemoryLog(KEY);
  const { audit, promise } = await begin(log, await log.grow(texts(0, 300)));
  promise(305, 'entry 320');
  expect(await audit(await log.grow(texts(300, 10)))).toEqual([]);
  expect(await audit(await log.grow(texts(310, 20)))).toEqual(['wrong-index']);
});

test.each([[7], [305]])('an entry that is nowhere is lost: promised at %i', async (index) => {
  const log = new MemoryLog(KEY);
  const { audit, promise } = await begin(log, await log.grow(texts(0, 300)));
  promise(index, 'never logged');
  expect(await audit(await log.grow(texts(300, 10)), true)).toEqual(['entry-lost']);
});

test('a log that cannot be read is neither good nor bad: what was promised waits', async () => {
  const log = new MemoryLog(KEY);
  const { auditor, promise, promises, kinds, view } = await begin(log, await log.grow(texts(0, 300)));
  promise(7, 'entry 7');
  view.isDown = true;
  const checkpoint = await log.grow(texts(300, 10));
  await expect(auditor?.audit(checkpoint, true)).rejects.toThrow(ReadFailure);
  view.isDown = false;
  await auditor?.audit(checkpoint, true);
  expect([kinds(), promises.count]).toEqual([[], 0]);
});

test('a log whose tiles do not lead to its first checkpoint', async () => {
  const log = new MemoryLog(KEY);
  const first = await log.grow(texts(0, 300));
  log.files.set('tile/1/000.p/1', new Uint8Array(32));
  const { auditor, kinds } = await begin(log, first);
  expect([auditor, kinds()]).toEqual([undefined, ['wrong-object']]);
});
