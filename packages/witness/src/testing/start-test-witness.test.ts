import { openNote } from '@tilewright/core/note';
import { openCosignatures, parseLatestSize, SIZE_CONTENT_TYPE } from '@tilewright/core/witness';
import { cosignatureVerifierOf } from '@tilewright/signer';
import { expect, onTestFinished, test } from 'vitest';
import { startTestWitness, type TestWitness, testCosigner } from './start-test-witness.ts';
import { testLog } from './test-log.ts';
import type { WitnessFault } from './witness-fault.ts';

const NAME = 'witness.example/test';
const log = testLog('log.example/test');
const verifier = cosignatureVerifierOf(testCosigner(NAME).key);

async function started(fault?: WitnessFault): Promise<TestWitness> {
  const witness = await startTestWitness({ name: NAME, logs: [log.vkey], fault });
  onTestFinished(() => witness.close());
  return witness;
}

const post = async ({ url }: TestWitness, size = 5, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/add-checkpoint`, { method: 'POST', body: await log.request(0, size), signal: signal ?? null });

async function cosigned(answer: Response): Promise<number> {
  return openCosignatures(await log.checkpoint(5), new Uint8Array(await answer.arrayBuffer()), [verifier]).length;
}

test('without a fault it is a witness, and the same name has the same key', async () => {
  const witness = await started();
  expect(await cosigned(await post(witness))).toBe(1);
  expect([witness.latest(log.origin)?.size, witness.requests]).toEqual([5, 1]);
  expect(witness.policyLine).toBe(`witness ${NAME} ${witness.vkey} ${witness.url}`);
  expect((await started()).vkey).toBe(witness.vkey);
});

test('it can be made to fail and to work again', async () => {
  const witness = await started({ kind: 'status', status: 500 });
  expect((await post(witness)).status).toBe(500);
  witness.fault = undefined;
  expect((await post(witness)).status).toBe(200);
});

test('a slow one does what it should, later', async () => {
  const witness = await started({ kind: 'slow', ms: 80 });
  const startedAt = performance.now();
  expect(await cosigned(await post(witness))).toBe(1);
  expect(performance.now() - startedAt).toBeGreaterThan(70);
});

test('one that is down or hangs has no answer', async () => {
  const witness = await started({ kind: 'down' });
  await expect(post(witness)).rejects.toThrow();
  witness.fault = { kind: 'hang' };
  await expect(post(witness, 5, AbortSignal.timeout(50))).rejects.toThrow();
});

test('one that lies about sizes answers 409 with its number, and shows monitors the truth', async () => {
  const witness = await started({ kind: 'wrong-size', size: 1_000_000 });
  const answer = await post(witness);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([409, SIZE_CONTENT_TYPE]);
  expect(parseLatestSize(new Uint8Array(await answer.arrayBuffer()))).toBe(1_000_000);
  expect(witness.latest(log.origin)).toBeUndefined();
});

test('a forking one answers with its own signature over another tree', async () => {
  const body = await (await post(await started({ kind: 'forking' }))).arrayBuffer();
  const checkpoint = await log.checkpoint(5);
  const note = Buffer.concat([checkpoint, Buffer.from(body)]);
  expect(Buffer.from(body).toString()).toContain(NAME);
  expect(() => openNote(note, [verifier])).toThrow('does not verify');
});

test('one that answers garbage, or without end', async () => {
  const witness = await started({ kind: 'garbage' });
  await expect(cosigned(await post(witness))).rejects.toThrow();
  witness.fault = { kind: 'huge', bytes: 4_000_000 };
  expect((await (await post(witness)).arrayBuffer()).byteLength).toBeGreaterThanOrEqual(4_000_000);
});
