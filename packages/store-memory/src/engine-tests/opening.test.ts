import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { expect, test } from 'vitest';
import type { MemoryStore } from '../open-memory-store.ts';
import { entry, testLog, testStore } from './test-log.ts';

/** A closed log of 300 entries. */
async function finished(): Promise<MemoryStore> {
  const { log, store } = await testLog();
  await Promise.all(Array.from({ length: 300 }, (_, i) => log.add(entry(i))));
  await log.close({ timeoutMs: 1000 });
  return store;
}

test('state that is older than the checkpoint is refused: going on would fork the log', async () => {
  const store = await finished();
  const old = testStore();
  old.state.checkpoint = store.state.checkpoint;
  for (const [path, bytes] of store.state.objects) old.state.objects.set(path, bytes);
  await expect(testLog({ store: old })).rejects.toMatchObject({ code: 'fork', path: 'checkpoint' });
});

test('a missing checkpoint is named, not replaced by a new one', async () => {
  const store = await finished();
  store.state.checkpoint = undefined;
  await expect(testLog({ store })).rejects.toMatchObject({ code: 'half-log', path: 'checkpoint' });
});

test('tiles without anything else are not the place for a new log', async () => {
  const store = testStore();
  store.state.objects.set('tile/0/000', encodeUtf8('x'));
  await expect(testLog({ store })).rejects.toMatchObject({ code: 'half-log' });
});

test("another log's checkpoint is refused", async () => {
  const store = await finished();
  const { note, version } = store.state.checkpoint ?? { note: new Uint8Array(0), version: '' as never };
  const other = note.slice();
  other[0] = 'x'.charCodeAt(0);
  store.state.checkpoint = { note: other, version };
  await expect(testLog({ store })).rejects.toMatchObject({ code: 'identity-mismatch', path: 'checkpoint' });
});

test.each(['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44'])(
  '%s missing at the right edge is named',
  async (path) => {
    const store = await finished();
    store.state.objects.delete(path);
    await expect(testLog({ store })).rejects.toMatchObject({ code: 'corrupt', path });
  },
);

test.each(['tile/0/001.p/44', 'tile/1/000.p/1', 'tile/entries/001.p/44'])(
  '%s damaged at the right edge is found',
  async (path) => {
    const store = await finished();
    const bytes = store.state.objects.get(path);
    if (bytes === undefined) throw new Error(`${path} was not written`);
    bytes[20] = (bytes[20] ?? 0) ^ 0x40;
    await expect(testLog({ store })).rejects.toMatchObject({ code: 'corrupt' });
  },
);

test('a floor above what is integrated is refused', async () => {
  const store = await finished();
  store.state.signed = { ...store.state.signed, size: asTreeSize(301) };
  await expect(testLog({ store })).rejects.toMatchObject({ code: 'fork' });
});
