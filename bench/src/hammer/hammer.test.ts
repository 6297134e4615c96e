import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { runHammer } from './run-hammer.ts';
import { startLyingServer } from './testing/lying-server.ts';
import { type RunningLog, smallRun, startLog, UNWATCHED } from './testing/running-log.ts';

let raw: RunningLog;
let rekor: RunningLog;
beforeAll(async () => {
  [raw, rekor] = await Promise.all([startLog('raw'), startLog('rekor')]);
}, 60_000);
afterAll(async () => {
  await raw?.stop();
  await rekor?.stop();
});

test('a raw log: every answer is compared, every checkpoint seen, until the goal', async () => {
  const { result } = await runHammer(smallRun(raw.url, { writers: 32, goal: 1_000 }), raw.key, UNWATCHED);
  expect(result).toMatchObject({
    ok: true,
    ended: 'goal',
    target: { kind: 'raw', origin: 'localhost', sizeAtStart: 0 },
    writes: { errors: {}, pushbacks: 0, duplicates: 0 },
    reads: { errors: {} },
    violations: [],
  });
  const { accepted, latency } = result.writes;
  expect(accepted).toBe(1_000);
  // The entry that tried whether the log takes any comes on top.
  expect(latency?.count).toBe(accepted);
  expect(result.target.sizeAtEnd).toBe(accepted + 1);
  expect(result.checks.indexes).toBe(accepted + 1);
  expect(result.integration.latency?.count).toBe(accepted);
  expect(result.checks.signatures).toBeGreaterThan(1);
  expect(result.checks.roots).toBe(result.checks.signatures);
  expect(result.checks.consistencyProofs).toBeGreaterThan(0);
  expect(result.checks.inclusionProofs).toBeGreaterThan(0);
  expect(result.checks.entriesRead).toBeGreaterThan(0);
});

test('a run goes on where the log is, at a rate, and repeats entries', async () => {
  const before = await runHammer(smallRun(raw.url, { goal: 10 }), raw.key, UNWATCHED);
  const options = smallRun(raw.url, { writeRate: 100, goal: 1_000_000, maxRuntimeMs: 2_000, duplicateChance: 0.5 });
  const { result } = await runHammer(options, raw.key, UNWATCHED);
  expect(result).toMatchObject({ ok: true, ended: 'time', target: { sizeAtStart: before.result.target.sizeAtEnd } });
  expect(result.writes.accepted).toBeGreaterThan(50);
  expect(result.writes.accepted).toBeLessThanOrEqual(201);
  expect(result.writes.latencySinceDue?.count).toBe(result.writes.accepted);
  expect(result.seconds).toBeLessThan(3);
});

test('a frozen log can still be read', async () => {
  const url = await raw.serveReadOnly();
  const { result } = await runHammer(smallRun(url, { writers: 0, maxRuntimeMs: 1_000 }), raw.key, UNWATCHED);
  expect(result).toMatchObject({ ok: true, ended: 'time', writes: { accepted: 0 } });
  expect(result.reads.count).toBeGreaterThan(0);
});

test('a Rekor log: every answer proves its entry, duplicates have the index of the first', async () => {
  const options = smallRun(rekor.url, { goal: 150, duplicateChance: 0.2 });
  const { result } = await runHammer(options, rekor.key, UNWATCHED);
  expect(result).toMatchObject({ ok: true, ended: 'goal', target: { kind: 'rekor' }, writes: { errors: {} } });
  const { accepted, duplicates } = result.writes;
  expect(duplicates).toBeGreaterThan(0);
  expect(result.target.sizeAtEnd).toBe(accepted - duplicates + 1);
  expect(result.checks.answerProofs).toBe(accepted);
});

test('a Rekor log whose answer does not prove its entry is found out', async () => {
  const server = await startLyingServer(rekor.url, {
    write: (truth, n) => {
      if (n < 20 || truth.status !== 201) return truth;
      const json = JSON.parse(truth.body.toString('utf8'));
      json.inclusionProof.hashes[0] = Buffer.alloc(32).toString('base64');
      return { ...truth, body: Buffer.from(JSON.stringify(json)) };
    },
  });
  onTestFinished(() => server.close());
  const options = smallRun(server.url, { goal: 100, readUrl: rekor.url, kind: 'rekor' });
  const { result } = await runHammer(options, rekor.key, UNWATCHED);
  expect(result.violations).toEqual([
    { kind: 'bad-proof', message: expect.stringMatching(/^the answer for index \d+ does not prove its entry/) },
  ]);
});
