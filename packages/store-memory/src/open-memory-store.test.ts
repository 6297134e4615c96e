import { asTreeSize } from '@tilewright/core/bytes';
import type { Token } from '@tilewright/log/ports';
import {
  type ContractSubject,
  checkpointStoreContract,
  dedupeIndexContract,
  objectStoreContract,
  realClock,
  sequenceStoreContract,
  signedCheckpointsContract,
} from '@tilewright/log/testing';
import { describe, expect, test } from 'vitest';
import { emptyMemoryState } from './memory-state.ts';
import { type MemoryStore, openMemoryStore } from './open-memory-store.ts';

function subject<K extends keyof MemoryStore>(port: K): () => Promise<ContractSubject<MemoryStore[K]>> {
  return async () => {
    const options = { state: emptyMemoryState(), clock: realClock() };
    return { store: openMemoryStore(options)[port], reopen: async () => openMemoryStore(options)[port] };
  };
}

describe('contracts', () => {
  objectStoreContract(test, subject('objects'));
  checkpointStoreContract(test, subject('checkpoints'));
  sequenceStoreContract(test, subject('sequence'));
  dedupeIndexContract(test, subject('dedupe'));
  signedCheckpointsContract(test, subject('signedCheckpoints'));
});

test('a replica is told of what another appended', async () => {
  const options = { state: emptyMemoryState(), clock: realClock() };
  const [one, other] = [openMemoryStore(options), openMemoryStore(options)];
  const stop = new AbortController();
  const changes = other.sequence.changes(stop.signal)[Symbol.asyncIterator]();
  const told = changes.next();
  await one.sequence.append([new Uint8Array(1)], new Uint8Array(16) as Uint8Array as Token, stop.signal);
  expect((await told).done).toBe(false);
  expect((await other.sequence.head()).next).toBe(1);
  const end = changes.next();
  stop.abort();
  expect((await end).done).toBe(true);
});

test('of two replicas that advance one tree, one loses', async () => {
  const options = { state: emptyMemoryState(), clock: realClock() };
  const [one, other] = [openMemoryStore(options), openMemoryStore(options)];
  const signal = new AbortController().signal;
  await one.sequence.append([new Uint8Array(1)], new Uint8Array(16) as Uint8Array as Token, signal);
  const { tree } = await other.sequence.head();
  const next = { size: asTreeSize(1), root: tree.root };
  expect(await one.sequence.advance(tree, next)).not.toBe('lost');
  expect(await other.sequence.advance(tree, next)).toBe('lost');
});
