import { expectCodeAsync } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { SignerError } from '../../signer-error.ts';
import { callKms } from './call-kms.ts';
import { badAnswer, clip, type KmsFault, type KmsTask } from './kms-fault.ts';

const TASK: KmsTask = { service: 'AWS KMS', verb: 'decrypt with', key: 'the-key', permission: 'kms:Decrypt' };
const PASSING: KmsFault = { code: 'kms-unavailable', reason: 'it rains', transient: true };
const FINAL: KmsFault = { code: 'kms-refused', reason: 'no', transient: false };

const never = (): Promise<never> => new Promise(() => {});

test('a try that fails for a passing reason is followed by another', async () => {
  let tries = 0;
  const attempt = async (): Promise<string> => {
    if (++tries < 3) throw new Error('passing');
    return 'answer';
  };
  expect(await callKms(TASK, { timeoutMs: 1000, retries: 2 }, attempt, () => PASSING)).toBe('answer');
  expect(tries).toBe(3);
});

test('the tries are counted, and the error says how many there were and keeps its cause', async () => {
  let tries = 0;
  const cause = new Error('passing');
  const attempt = async (): Promise<never> => {
    tries++;
    throw cause;
  };
  const error = await expectCodeAsync(
    () => callKms(TASK, { timeoutMs: 1000, retries: 1 }, attempt, () => PASSING),
    SignerError,
    'kms-unavailable',
  );
  expect(tries).toBe(2);
  expect(error.message).toBe(
    'AWS KMS did not decrypt with the-key: it rains (tried 2 times); check that it is up and can be reached from here',
  );
  expect(error.cause).toBe(cause);
});

test('what does not pass is not tried again', async () => {
  let tries = 0;
  const fail = async (error: Error): Promise<never> => {
    tries++;
    throw error;
  };
  const options = { timeoutMs: 1000, retries: 5 };
  const refused = callKms(
    TASK,
    options,
    () => fail(new Error('no')),
    () => FINAL,
  );
  expect((await expectCodeAsync(() => refused, SignerError, 'kms-refused')).message).toContain('kms:Decrypt');
  const wrong = callKms(
    TASK,
    options,
    () => fail(badAnswer(TASK, 'it is blue')),
    () => PASSING,
  );
  expect((await expectCodeAsync(() => wrong, SignerError, 'kms-bad-answer')).message).toContain('it is blue');
  expect(tries).toBe(2);
});

test('what never answers ends within the tries and the pauses, and is told so', async () => {
  const aborted: boolean[] = [];
  const attempt = (signal: AbortSignal): Promise<never> => {
    signal.addEventListener('abort', () => aborted.push(true));
    return never();
  };
  const start = performance.now();
  const error = await expectCodeAsync(
    () => callKms(TASK, { timeoutMs: 50, retries: 2 }, attempt, () => FINAL),
    SignerError,
    'kms-unavailable',
  );
  const took = performance.now() - start;
  // Three tries of 50 ms, a pause of 50 to 100 ms, one of 100 to 200 ms.
  expect(took).toBeGreaterThan(290);
  expect(took).toBeLessThan(450 + 600);
  expect(error.message).toContain('no answer within 50 ms (tried 3 times)');
  expect(aborted).toEqual([true, true, true]);
});

test('a call that was answered is not aborted afterwards', async () => {
  let seen: AbortSignal | undefined;
  const attempt = async (signal: AbortSignal): Promise<number> => {
    seen = signal;
    return 1;
  };
  await callKms(TASK, { timeoutMs: 50, retries: 0 }, attempt, () => FINAL);
  expect(seen?.aborted).toBe(false);
});

test('an interrupt ends a call and a pause with its reason', async () => {
  const reason = new Error('interrupted');
  for (const attempt of [never, () => Promise.reject(new Error('passing'))]) {
    const controller = new AbortController();
    const options = { timeoutMs: 10_000, retries: 100, signal: controller.signal };
    const call = callKms(TASK, options, attempt, () => PASSING);
    setTimeout(() => controller.abort(reason), 30);
    await expect(call).rejects.toBe(reason);
  }
  const options = { timeoutMs: 10, retries: 0, signal: AbortSignal.abort(reason) };
  await expect(callKms(TASK, options, never, () => PASSING)).rejects.toBe(reason);
});

test('the cause of a bad answer is dropped, because SDKs quote the answer in it', async () => {
  const secret = 'unexpected token in "the keyset in the clear"';
  const fault: KmsFault = { code: 'kms-bad-answer', reason: 'it is not a message of this service', transient: false };
  const attempt = (): Promise<never> => Promise.reject(new SyntaxError(secret));
  const error = await expectCodeAsync(
    () => callKms(TASK, { timeoutMs: 100, retries: 0 }, attempt, () => fault),
    SignerError,
    'kms-bad-answer',
  );
  expect(error.cause).toBeUndefined();
  expect(error.message).not.toContain('clear');
});

test('foreign text is cut to one line of bounded length', () => {
  expect(clip('a\nb\u0000c\u2028d')).toBe('a b c d');
  expect(clip('x'.repeat(10_000))).toHaveLength(243);
});
