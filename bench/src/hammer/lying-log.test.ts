import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asHash, encodeHex } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import { parseNote, signNote } from '@tilewright/core/note';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { writeEvidence } from './result/evidence.ts';
import { type HammerOutcome, runHammer } from './run-hammer.ts';
import { type Lies, startLyingServer, type Told } from './testing/lying-server.ts';
import { type RunningLog, smallRun, startLog, UNWATCHED } from './testing/running-log.ts';

let log: RunningLog;
beforeAll(async () => {
  log = await startLog('raw');
}, 60_000);
afterAll(() => log?.stop());

async function hammer(lies: Lies, more: Parameters<typeof smallRun>[1] = {}): Promise<HammerOutcome> {
  const server = await startLyingServer(log.url, lies);
  onTestFinished(() => server.close());
  return runHammer(smallRun(server.url, more), log.key, UNWATCHED);
}

const notFound: Told = { status: 404, body: Buffer.from('no') };
const isBundle = (path: string): boolean => path.startsWith('/tile/entries/');
const flipLast = (told: Told): Told => {
  const body = Buffer.from(told.body);
  body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
  return { ...told, body };
};
/** The log signs another root for the size that it has. */
async function forked(truth: Told): Promise<Told> {
  const checkpoint = parseCheckpoint(parseNote(new Uint8Array(truth.body)).text);
  const root = asHash(checkpoint.root.map((byte) => byte ^ 1));
  const note = await signNote(formatCheckpoint({ ...checkpoint, root }), [log.key.signer]);
  return { status: 200, body: Buffer.from(note) };
}

let kept: Told | undefined;
const LIES: readonly [what: string, kind: string, lies: Lies, message: RegExp][] = [
  [
    'the index of another entry',
    'wrong-index',
    { write: (truth, n) => (n === 100 ? { ...truth, body: Buffer.from(String(Number(truth.body) - 1)) } : truth) },
    /^index \d+ was answered for the entry that is at \d+$/,
  ],
  [
    'no index',
    'bad-answer',
    { write: (truth, n) => (n === 100 ? { ...truth, body: Buffer.from('ok') } : truth) },
    /digits/,
  ],
  [
    'another entry than the one that was sent',
    'entry-lost',
    { entry: (body) => (body[15] === 100 ? Buffer.from('something else') : body) },
    /the log holds another there$/,
  ],
  [
    'an index that never comes',
    'not-integrated',
    { write: (truth, n) => (n === 100 ? { ...truth, body: Buffer.from('123456789') } : truth) },
    /^index 123456789 was answered, but/,
  ],
  [
    'an entry bundle with another entry',
    'wrong-entry',
    { object: (truth, path) => (isBundle(path) && truth.status === 200 ? flipLast(truth) : truth) },
    /tile\/entries\/\S+ held at index \d+ another entry|tile\/entries\/\S+ entry \d+ is not the one/,
  ],
  [
    'a hash tile with another hash',
    'wrong-object',
    { object: (truth, path) => (path.startsWith('/tile/0/') && truth.status === 200 ? flipLast(truth) : truth) },
    /tile\/0\//,
  ],
  [
    'no hash tile',
    'missing-object',
    { object: (truth, path) => (path.startsWith('/tile/0/') ? notFound : truth) },
    /tile\/0\/\S+ is missing/,
  ],
  [
    'no entry bundle',
    'missing-object',
    { object: (truth, path) => (isBundle(path) ? notFound : truth) },
    /tile\/entries\/\S+ is missing/,
  ],
  [
    'entries that nobody can read',
    'unreadable',
    { object: (truth, path) => (isBundle(path) ? { ...notFound, status: 500 } : truth) },
    /HTTP status 500/,
  ],
  [
    'a checkpoint of another tree',
    'checkpoint-inconsistent',
    { checkpoint: (truth, n) => (n < 5 ? truth : forked(truth)) },
    /the checkpoint of \d+ entries does not continue|two roots are signed|is not a continuation/,
  ],
  [
    'a checkpoint of another tree, once',
    'checkpoint-inconsistent',
    { checkpoint: (truth, n) => (n === 20 ? forked(truth) : truth) },
    /the checkpoint of \d+ entries does not continue|two roots are signed|is not a continuation/,
  ],
  [
    'an old checkpoint',
    'checkpoint-went-back',
    {
      checkpoint: (truth, n) => {
        if (n === 1) kept = truth;
        return n < 20 ? truth : (kept ?? truth);
      },
    },
    /^the checkpoint went from \d+ back to \d+ entries$/,
  ],
  [
    'a checkpoint that the log did not sign',
    'checkpoint-signature',
    {
      checkpoint: (truth, n) =>
        n < 5 ? truth : { ...truth, body: Buffer.from(truth.body.toString().replace(/^\d+$/m, (size) => `${size}0`)) },
    },
    /is not one that localhost signed/,
  ],
];

test.each(LIES)('a log that shows %s is found out: %s', async (_, kind, lies, message) => {
  // What is found ends the run; these two are found at its end. Slow, so that many checkpoints are seen meanwhile.
  const goal = kind === 'not-integrated' || kind === 'unreadable' ? 200 : 1_000_000;
  const { result, violations } = await hammer(lies, { writeRate: 400, goal, settleMs: 2_000 });
  expect(result.ok).toBe(false);
  expect(violations.map((violation) => violation.kind)).toContain(kind);
  expect(violations.find((violation) => violation.kind === kind)?.message).toMatch(message);
});

test('the evidence holds both checkpoints, as they were signed', async () => {
  const { violations } = await hammer(
    { checkpoint: (truth, n) => (n < 20 ? truth : forked(truth)) },
    { writeRate: 400 },
  );
  const folder = await mkdtemp(join(tmpdir(), 'hammer-evidence-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeEvidence(folder, violations);
  const inner = join(folder, 'checkpoint-inconsistent');
  expect(await readdir(inner)).toEqual(expect.arrayContaining(['checkpoint-earlier', 'checkpoint-later', 'what.txt']));
  const open = async (name: string) =>
    openCheckpoint(new Uint8Array(await readFile(join(inner, name))), 'localhost', log.key.verifier);
  const [earlier, later] = [await open('checkpoint-earlier'), await open('checkpoint-later')];
  expect(later.size).toBeGreaterThanOrEqual(earlier.size);
  expect(encodeHex(later.root)).not.toBe(encodeHex(earlier.root));
});

test('a log that pushes back is left alone as long as it asks for', async () => {
  const server = await startLyingServer(log.url, {
    write: (truth, n) => (n === 1 ? { status: 503, body: Buffer.alloc(0), headers: { 'retry-after': '2' } } : truth),
  });
  onTestFinished(() => server.close());
  const { result } = await runHammer(smallRun(server.url, { writers: 1, goal: 1 }), log.key, UNWATCHED);
  expect(result).toMatchObject({ ok: true, ended: 'goal', writes: { accepted: 1, pushbacks: 1, errors: {} } });
  const [, refused = 0, again = 0] = server.writesAtMs;
  expect(again - refused).toBeGreaterThan(1_990);
});

test('errors are counted by kind, and others take their place', async () => {
  const { result } = await hammer(
    { write: (truth, n) => (n % 10 === 5 ? { status: n % 20 === 5 ? 500 : 418, body: Buffer.alloc(0) } : truth) },
    { goal: 100 },
  );
  expect(result).toMatchObject({ ok: true, ended: 'goal', writes: { accepted: 100 } });
  expect(Object.keys(result.writes.errors)).toEqual(['http 418', 'http 500']);
});

test('a log that takes nothing after the first entry has failed', async () => {
  const { result } = await hammer(
    { write: (truth, n) => (n === 0 ? truth : { status: 500, body: Buffer.alloc(0) }) },
    { maxRuntimeMs: 1_000 },
  );
  expect(result.violations).toEqual([
    { kind: 'nothing-accepted', message: expect.stringMatching(/^no write was accepted: {"http 500":\d+}$/) },
  ]);
});
