import type { CommittedTree } from '@tilewright/log/ports';
import { openMemoryStore } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { logSigner } from '../../../world/log-key.ts';
import { damage, openOn, storeWith } from './scene.ts';

const corrupt = { code: 'corrupt' };
const fork = { code: 'fork' };

test('a signer of another name is refused', async () => {
  const other = { ...logSigner(() => {}), name: 'other.example' };
  await expect(openOn(openMemoryStore(), { signers: [logSigner(() => {}), other] })).rejects.toMatchObject({
    code: 'identity-mismatch',
  });
});

test('a signer that signs something else is not believed', async () => {
  const broken = { ...logSigner(() => {}), sign: async () => new Uint8Array(32) };
  const store = openMemoryStore();
  await expect(openOn(store, { signers: [broken] })).rejects.toMatchObject({ code: 'identity-mismatch' });
  expect(store.state.checkpoint).toBeUndefined();
});

test('a checkpoint that another key signed is refused', async () => {
  const store = await storeWith(3);
  const { verify } = { verify: () => false };
  const verifier = { name: 'example.com/simulated', keyId: 0x5a5a5a5a, verify };
  await expect(openOn(store, { verifier })).rejects.toMatchObject({ code: 'identity-mismatch' });
});

test('a state that is older than the checkpoint is refused', async () => {
  const old = await storeWith(2);
  const store = await storeWith(4);
  const { tree, signed, next } = old.state;
  Object.assign(store.state, { tree, signed, next });
  await expect(openOn(store)).rejects.toMatchObject(fork);
});

test('a state that lacks what was signed is refused', async () => {
  const store = await storeWith(4);
  store.state.tree = { ...store.state.tree, size: 3 as typeof store.state.tree.size } as CommittedTree;
  await expect(openOn(store)).rejects.toMatchObject(fork);
  const other = await storeWith(4);
  other.state.next = 3 as typeof other.state.next;
  await expect(openOn(other)).rejects.toMatchObject(fork);
});

test('a floor, a checkpoint or a tree with another root than the tiles is refused', async () => {
  for (const part of ['signed', 'tree'] as const) {
    const store = await storeWith(4);
    const root = store.state[part].root.slice() as typeof store.state.signed.root;
    root[0] = (root[0] ?? 0) + 1;
    if (part === 'signed') store.state.signed = { size: store.state.signed.size, root };
    else store.state.tree = { size: store.state.tree.size, root } as CommittedTree;
    await expect(openOn(store)).rejects.toMatchObject(corrupt);
  }
});

test('a checkpoint of another tree of this size is refused', async () => {
  const store = await storeWith(4);
  const other = openMemoryStore();
  const log = await openOn(other);
  for (let i = 10; i < 13; i++) await log.add({ ...(await import('./scene.ts')).entry(i) });
  await log.close({ timeoutMs: 5_000 });
  store.state.checkpoint = other.state.checkpoint;
  await expect(openOn(store)).rejects.toMatchObject(corrupt);
});

test.each(['tile/0/001', 'tile/1/000', 'tile/entries/001'])(
  'a damaged %s at the right edge is refused',
  async (path) => {
    const store = await storeWith(4);
    damage(store, path, path.includes('entries') ? 3 : 40);
    await expect(openOn(store)).rejects.toMatchObject(corrupt);
  },
);

test('a tile of another length is refused', async () => {
  const store = await storeWith(3);
  store.state.objects.set('tile/0/001.p/1', new Uint8Array([...(store.state.objects.get('tile/0/001.p/1') ?? []), 1]));
  await expect(openOn(store)).rejects.toMatchObject(corrupt);
});

test('a log is not made where objects are, nor where a state is', async () => {
  const halfLog = { code: 'half-log' };
  const objects = openMemoryStore();
  objects.state.objects.set('tile/0/000.p/1', new Uint8Array(32));
  await expect(openOn(objects)).rejects.toMatchObject(halfLog);
  const state = await storeWith(3);
  state.state.checkpoint = undefined;
  state.state.objects.clear();
  await expect(openOn(state)).rejects.toMatchObject(halfLog);
});

test('sequenced entries that are gone stop the log: nothing takes their place', async () => {
  const store = await storeWith(3);
  const entries = [new Uint8Array(1), new Uint8Array(2)];
  for (const [at, data] of entries.entries())
    await store.sequence.append([data], new Uint8Array(16).fill(at) as never, new AbortController().signal);
  store.state.batches = store.state.batches.slice(-1);
  await expect(openOn(store)).rejects.toMatchObject(corrupt);
});
