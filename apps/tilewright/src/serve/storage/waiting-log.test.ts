import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { LogError, openLog } from '@tilewright/log';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { openMemoryStore } from '@tilewright/store-memory';
import { expect, test } from 'vitest';
import { nodeClock, nodeEntropy } from './node-world.ts';
import { WaitingLog } from './waiting-log.ts';

const FULL = new LogError('storage-full', 'the disk is full: free some room');
const entry = { data: encodeUtf8('entry'), leafHash: leafHash(encodeUtf8('entry')) };

function waiting(open: () => Promise<Awaited<ReturnType<typeof openLog>>>): WaitingLog {
  const isFull = (error: unknown): boolean => error === FULL;
  return new WaitingLog({ open, isFull, reason: FULL.message, clock: nodeClock, retryMs: 5 });
}

test('entries are refused as full until there is room, then they are logged', async () => {
  const key = loadSignerFile(generateEd25519KeyPem(), 'log.test');
  const store = openMemoryStore();
  const world = { clock: nodeClock, entropy: nodeEntropy, events: { emit: () => undefined } };
  let tries = 0;
  const log = waiting(() => {
    if (++tries < 3) return Promise.reject(FULL);
    return openLog({ ...world, ...store, origin: key.origin, signers: [key.signer], verifier: key.verifier });
  });
  expect(log.status().unready).toBe(FULL.message);
  log.expect().cancel();
  await expect(log.add(entry)).rejects.toMatchObject({ code: 'storage-full', retryAfterMs: 5 });
  await expect(log.prove(0)).rejects.toMatchObject({ code: 'storage-full' });
  while (log.status().unready !== undefined) await nodeClock.sleep(2, new AbortController().signal);
  expect(tries).toBe(3);
  expect(await log.add(entry)).toMatchObject({ index: 0, duplicate: false });
  expect((await log.prove(0)).entry).toEqual(entry.data);
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
});

test('another failure than a full disk ends the waiting and is told', async () => {
  const log = waiting(() => Promise.reject(new Error('no such thing')));
  expect(await log.failed).toMatchObject({ code: 'storage-failed', message: expect.stringContaining('no such thing') });
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
});

test('a log that never had room closes at once', async () => {
  const log = waiting(() => Promise.reject(FULL));
  expect(await log.close({ timeoutMs: 1000 })).toBe('settled');
});
