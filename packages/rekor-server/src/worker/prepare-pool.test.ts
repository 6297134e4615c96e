import { leafHash } from '@tilewright/core/hash';
import { type EntryRequest, PERMITTED_ALGORITHMS, prepareEntry } from '@tilewright/rekor-entry';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../testing/until.ts';
import { writeRequest } from '../../testing/write-request.ts';
import { portableEcdsa } from '../verify/ecdsa/portable-ecdsa.ts';
import { createVerifySignature } from '../verify/verify-signature.ts';
import { createInlinePreparer } from './inline-preparer.ts';
import { PreparePool, type PreparePoolOptions } from './prepare-pool.ts';

const RULES = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: false };
const FRAIL = new URL('../../testing/frail-worker.ts', import.meta.url);
const STILLBORN = new URL('../../testing/stillborn-worker.ts', import.meta.url);
const open: PreparePool[] = [];
afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close();
});

async function start(changes: Partial<PreparePoolOptions> = {}) {
  const restarts: string[] = [];
  const pool = await PreparePool.open({
    rules: RULES,
    workers: 1,
    maxQueuedRequests: 10_000,
    maxQueuedBytes: 64 * 1024 * 1024,
    nowMs: () => performance.now(),
    onRestart: (reason) => restarts.push(reason),
    ...changes,
  });
  open.push(pool);
  return { pool, restarts };
}

const jsonRequest = (text: string): EntryRequest => ({ kind: 'json', body: new TextEncoder().encode(text) });
const good = (): EntryRequest => jsonRequest(writeRequest().json);

test.each([1, 2])('%i threads answer a mix of requests as the calling thread would, in any number', async (workers) => {
  const { pool } = await start({ workers });
  expect(pool.backend).toEqual({ type: 'ready', backend: 'openssl', fallbackReason: undefined });
  const requests = Array.from({ length: 150 }, (_, i): EntryRequest => {
    if (i % 5 === 0) return jsonRequest('{');
    if (i % 7 === 0) return jsonRequest('{"hashedRekordRequestV002":{}}');
    return i % 2 === 0 ? good() : { kind: 'proto', body: writeRequest().wire };
  });
  const verify = createVerifySignature(portableEcdsa);
  const outcomes = await Promise.all(requests.map((request) => pool.prepare(request)));
  for (const [i, outcome] of outcomes.entries()) {
    const request = requests[i] ?? good();
    const expected = prepareEntry(request, RULES, verify);
    if (!expected.ok) {
      expect(outcome).toEqual(expected);
      continue;
    }
    if (!outcome.ok) throw new Error(`request ${i} was refused: ${outcome.detail}`);
    expect(Buffer.from(outcome.body).equals(expected.body)).toBe(true);
    expect(Buffer.from(outcome.leafHash).equals(leafHash(expected.body))).toBe(true);
    expect(outcome.kind).toBe('hashedrekord');
  }
  expect(pool.queued).toBe(0);
});

test('a request without bytes and one of four mebibytes travel too', async () => {
  const { pool } = await start();
  const big = jsonRequest(' '.repeat(4 * 1024 * 1024));
  const outcomes = await Promise.all([pool.prepare(jsonRequest('')), pool.prepare(big), pool.prepare(good())]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([false, false, true]);
});

test('a thread that dies fails its requests, is counted, and is replaced', async () => {
  const { pool, restarts } = await start({ workerFile: FRAIL });
  const doomed = pool.prepare(jsonRequest('CRASH'));
  expect(pool.unready).toBeUndefined();
  await expect(doomed).rejects.toMatchObject({ name: 'PrepareError', code: 'internal' });
  expect(restarts.length).toBe(1);
  expect(pool.unready).toBe('no verify worker is up');
  expect(await pool.prepare(jsonRequest('{}'))).toMatchObject({ ok: false, code: 'unknown-type' });
});

test('a thread that hangs is replaced', async () => {
  const { pool, restarts } = await start({ workerFile: FRAIL, batchTimeoutMs: 200 });
  await expect(pool.prepare(jsonRequest('HANG'))).rejects.toMatchObject({ code: 'internal' });
  await until(() => restarts.length === 1);
  expect(restarts[0]).toContain('longer than 200 ms');
  expect((await pool.prepare(jsonRequest('{}'))).ok).toBe(false);
});

test('an exception in one request leaves the others of its batch alone', async () => {
  const { pool, restarts } = await start({ workerFile: FRAIL });
  const [thrown, refused] = await Promise.allSettled([pool.prepare(good()), pool.prepare(jsonRequest('{}'))]);
  expect(thrown).toMatchObject({ status: 'rejected', reason: { code: 'internal' } });
  expect(thrown.status === 'rejected' && String(thrown.reason)).toContain('the port threw');
  expect(refused).toMatchObject({ status: 'fulfilled', value: { code: 'unknown-type' } });
  expect(restarts).toEqual([]);
});

test('a pool whose threads do not come up does not open', async () => {
  await expect(start({ workerFile: STILLBORN, workers: 2 })).rejects.toMatchObject({
    name: 'ServerError',
    code: 'worker-failed',
  });
});

test('too many requests, or too many bytes, are refused while others wait', async () => {
  const { pool } = await start({ maxQueuedRequests: 3, maxQueuedBytes: 5000 });
  const inTime = [good(), good(), good()].map((request) => pool.prepare(request));
  await expect(pool.prepare(good())).rejects.toMatchObject({ code: 'overloaded' });
  expect((await Promise.all(inTime)).every(({ ok }) => ok)).toBe(true);
  await expect(pool.prepare(jsonRequest(' '.repeat(5001)))).rejects.toMatchObject({ code: 'overloaded' });
  expect((await pool.prepare(good())).ok).toBe(true);
});

test('a closed pool refuses what waits and what comes', async () => {
  const { pool } = await start();
  const waiting = pool.prepare(good());
  const closed = pool.close();
  await expect(waiting).rejects.toMatchObject({ code: 'closing' });
  await closed;
  await expect(pool.prepare(good())).rejects.toMatchObject({ code: 'closing' });
});

test('the calling thread lets others have a turn between eight checks', async () => {
  const preparer = createInlinePreparer(RULES, createVerifySignature(portableEcdsa));
  let done = 0;
  const all = Promise.all(
    Array.from({ length: 20 }, () =>
      preparer.prepare(jsonRequest('{}')).then(() => {
        done += 1;
      }),
    ),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toBeLessThanOrEqual(8);
  await all;
  expect(done).toBe(20);
  const failing = createInlinePreparer(RULES, () => {
    throw new Error('the port threw');
  });
  await expect(failing.prepare(good())).rejects.toThrow('the port threw');
});
