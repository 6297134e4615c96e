import { LogError } from '@tilewright/log';
import type { Clock, Entropy } from '@tilewright/log/ports';
import { realEntropy } from '@tilewright/log/testing';
import { expect, test } from 'vitest';
import { type Patience, type RetryRules, retrying } from './retrying.ts';

/** Time that passes only in `sleep`, and what was slept. */
function sleepingClock(): Clock & { readonly slept: number[]; now: number } {
  const slept: number[] = [];
  const clock = {
    slept,
    now: 0,
    monotonicMs: () => clock.now,
    wallMs: () => clock.now,
    async sleep(ms: number, signal: AbortSignal) {
      if (signal.aborted) return;
      slept.push(ms);
      clock.now += ms;
    },
    turn: async () => {},
  };
  return clock;
}

const rules: RetryRules = {
  isTransient: (error) => error instanceof Error && error.message === 'busy',
  asFailure: (cause) => new LogError('storage-failed', 'gave up', { cause }),
};

function patience(more: Partial<Patience> = {}): Patience & { readonly clock: ReturnType<typeof sleepingClock> } {
  const entropy: Entropy = { ...realEntropy(), unit: () => 1 };
  return { entropy, signal: new AbortController().signal, ...more, clock: sleepingClock() };
}

/** Fails `times` times and then answers. */
function failing(times: number, message = 'busy'): { calls: number; call: () => Promise<string> } {
  const subject = {
    calls: 0,
    async call() {
      subject.calls += 1;
      if (subject.calls <= times) throw new Error(message);
      return 'done';
    },
  };
  return subject;
}

test('a call that succeeds is called once', async () => {
  const subject = failing(0);
  const how = patience();
  expect(await retrying('read', subject.call, how, rules)).toBe('done');
  expect(subject.calls).toBe(1);
  expect(how.clock.slept).toEqual([]);
});

test('a transient failure is tried again, and reported, with pauses that double up to five seconds', async () => {
  const subject = failing(9);
  const retries: [string, number][] = [];
  const how = patience({ onRetry: (what, _, attempt) => void retries.push([what, attempt]) });
  expect(await retrying('read', subject.call, how, rules)).toBe('done');
  expect(how.clock.slept).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  expect(retries).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => ['read', attempt]));
});

test('pauses are spread over their upper half', async () => {
  const how = patience({ entropy: { ...realEntropy(), unit: () => 0 } });
  await retrying('read', failing(3).call, how, rules);
  expect(how.clock.slept).toEqual([25, 50, 100]);
});

test('another failure is final at once, and its cause is kept', async () => {
  const subject = failing(1, 'broken');
  const trying = retrying('read', subject.call, patience(), rules);
  await expect(trying).rejects.toMatchObject({ code: 'storage-failed', cause: { message: 'broken' } });
  expect(subject.calls).toBe(1);
});

test('what the engine is meant to see is passed on', async () => {
  const conflict = new LogError('object-conflict', 'two');
  const trying = retrying('write', () => Promise.reject(conflict), patience(), { ...rules, isTransient: () => true });
  await expect(trying).rejects.toBe(conflict);
});

test.each([undefined, 10_000])('patience ends: %s', async (patienceMs) => {
  const subject = failing(Number.POSITIVE_INFINITY);
  const how = patience({ patienceMs });
  await expect(retrying('read', subject.call, how, rules)).rejects.toMatchObject({ code: 'storage-failed' });
  expect(how.clock.now).toBe(patienceMs ?? 120_000);
  expect(subject.calls).toBe(how.clock.slept.length + 1);
});

test('nothing is called after the signal fired', async () => {
  const subject = failing(0);
  const how = patience({ signal: AbortSignal.abort(new Error('closing')) });
  const trying = retrying('read', subject.call, how, rules);
  await expect(trying).rejects.toMatchObject({ code: 'storage-failed', cause: { message: 'closing' } });
  expect(subject.calls).toBe(0);
});

test('a signal that fires in a call or in a pause ends the tries', async () => {
  const inCall = new AbortController();
  const first = patience({ signal: inCall.signal });
  const subject = failing(Number.POSITIVE_INFINITY);
  const called = async (): Promise<string> => {
    inCall.abort();
    return subject.call();
  };
  await expect(retrying('read', called, first, rules)).rejects.toMatchObject({ cause: { message: 'busy' } });
  expect(first.clock.slept).toEqual([]);

  const inPause = new AbortController();
  const second = patience({ signal: inPause.signal });
  const clock: Clock = { ...second.clock, sleep: async () => inPause.abort() };
  const another = failing(Number.POSITIVE_INFINITY);
  const trying = retrying('read', another.call, { ...second, clock }, rules);
  await expect(trying).rejects.toMatchObject({ cause: { message: 'busy' } });
  expect(another.calls).toBe(1);
});
