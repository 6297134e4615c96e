import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import type { NoteVerifier } from '@tilewright/core/note';
import { noteVerifierFromVkey, noteVerifierOf } from '@tilewright/signer';
import { afterEach, expect, test } from 'vitest';
import { startTestWitness, type TestWitness, testLog, type WitnessFault } from '../testing/index.ts';
import { fetchTransport } from './fetch-transport.ts';
import { readWitnessPolicy } from './read-policy.ts';
import type { WitnessReport } from './witness-events.ts';
import { type GroupAnswer, WitnessGroup, type WitnessGroupOptions } from './witness-group.ts';

const TIMEOUT_MS = 300;
const log = testLog('log.example/witnessed');
const logVerifier: NoteVerifier = noteVerifierFromVkey(log.vkey).verifier;
const started: TestWitness[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((witness) => witness.close()));
});

/** Three real witnesses, of which the third misbehaves, and the group that asks them: two are enough. */
async function three(fault: WitnessFault | undefined, changed: Partial<WitnessGroupOptions> = {}) {
  const names = ['w1.example', 'w2.example', 'w3.example'];
  const witnesses = await Promise.all(
    names.map((name, at) => startTestWitness({ name, logs: [log.vkey], fault: at === 2 ? fault : undefined })),
  );
  started.push(...witnesses);
  const lines = [...witnesses.map(({ policyLine }) => policyLine), `group two 2 ${names.join(' ')}`, 'quorum two'];
  const reports: WitnessReport[] = [];
  const group = new WitnessGroup({
    origin: log.origin,
    logVerifier,
    policy: readWitnessPolicy(encodeUtf8(`${lines.join('\n')}\n`)),
    verifierOf: noteVerifierOf,
    failClosed: false,
    collect: 'all',
    timeoutMs: TIMEOUT_MS,
    transport: fetchTransport('tilewright-test'),
    clock: {
      monotonicMs: () => performance.now(),
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    },
    observe: (report) => void reports.push(report),
    ...changed,
  });
  const round = async (size: number): Promise<GroupAnswer & { readonly ms: number }> => {
    const begun = performance.now();
    const answer = await group.cosign({
      tree: log.tree(size),
      note: await log.checkpoint(size),
      prove: async (oldSize) => log.proof(oldSize, size),
      signal: new AbortController().signal,
    });
    return { ...answer, ms: performance.now() - begun };
  };
  const outcomes = (): string =>
    reports
      .splice(0)
      .map(({ outcome }) => outcome)
      .sort()
      .join(' ');
  return { witnesses, group, round, outcomes };
}

const lines = (note: Uint8Array): number => new TextDecoder().decode(note).split('\n\u2014 ').length - 1;

test('three good witnesses cosign every checkpoint, the first one and larger ones', async () => {
  const { group, round, outcomes } = await three(undefined);
  for (const size of [3, 5, 5, 12]) {
    const { note, enough, detail, seen } = await round(size);
    expect({ enough, detail, seen, lines: lines(note) }).toEqual({
      enough: true,
      detail: '3 of 3 witnesses cosigned',
      seen: undefined,
      lines: 4,
    });
    expect(group.isEnough(note)).toBe(true);
    expect(outcomes()).toBe('cosigned cosigned cosigned');
  }
  expect(group.isEnough(await log.checkpoint(12))).toBe(false);
});

test.each<[string, WitnessFault, string, number]>([
  ['down', { kind: 'down' }, 'could not be asked', 0],
  ['refusing', { kind: 'status', status: 500 }, 'answered with status 500', 0],
  ['of another log', { kind: 'status', status: 404 }, 'answered with status 404', 0],
  ['hanging', { kind: 'hang' }, 'did not answer in time', TIMEOUT_MS],
  ['slower than the bound', { kind: 'slow', ms: 3 * TIMEOUT_MS }, 'did not answer in time', TIMEOUT_MS],
  ['lying about sizes: larger', { kind: 'wrong-size', size: 1000 }, 'holds a checkpoint of 1000 entries, it says', 0],
  ['lying about sizes: the same again', { kind: 'wrong-size', size: 2 }, 'answered a conflict with the very size', 0],
  ['forking', { kind: 'forking' }, 'no cosignature of its key over this checkpoint (bad-signature)', 0],
  ['answering garbage', { kind: 'garbage' }, 'no cosignature of its key over this checkpoint', 0],
  ['answering without end', { kind: 'huge', bytes: 100 * 1024 * 1024 }, 'could not be asked', 0],
])(
  'two of three are enough when one is %s: nothing of its is in the checkpoint, and it costs one round',
  async (_, fault, why, atLeastMs) => {
    const { witnesses, group, round, outcomes } = await three(fault);
    const first = await round(5);
    expect(first).toMatchObject({ enough: true, seen: undefined });
    expect(first.detail).toContain('2 of 3 witnesses cosigned; w3.example ');
    expect(first.detail).toContain(why);
    expect(first.ms).toBeLessThan(TIMEOUT_MS + 250);
    expect(first.ms).toBeGreaterThanOrEqual(atLeastMs - 5);
    expect(lines(first.note)).toBe(3);
    expect(group.isEnough(first.note)).toBe(true);
    expect(outcomes()).toBe('cosigned cosigned failed');
    const requests = witnesses[2]?.requests;
    const second = await round(7);
    expect(second).toMatchObject({ enough: true });
    expect(second.ms).toBeLessThan(TIMEOUT_MS);
    expect(outcomes()).toBe('cosigned cosigned skipped');
    expect(witnesses[2]?.requests).toBe(requests);
  },
);

test('a quorum is not waited for beyond itself, and whoever is late is left to finish', async () => {
  const { witnesses, round, outcomes } = await three({ kind: 'slow', ms: TIMEOUT_MS / 2 }, { collect: 'quorum' });
  const { ms, note, enough } = await round(5);
  expect({ enough, lines: lines(note) }).toEqual({ enough: true, lines: 3 });
  expect(ms).toBeLessThan(TIMEOUT_MS / 2);
  await round(6);
  expect(outcomes()).toBe('cosigned cosigned cosigned cosigned skipped');
  await new Promise((done) => setTimeout(done, TIMEOUT_MS));
  expect(outcomes()).toBe('cosigned');
  expect(witnesses[2]?.latest(log.origin)?.size).toBe(5);
});

test('one of three is too few, and says who is missing; a witness that is back counts again', async () => {
  const { witnesses, group, round } = await three({ kind: 'down' });
  const [, second, third] = witnesses;
  if (second === undefined || third === undefined) throw new Error('there are three');
  second.fault = { kind: 'hang' };
  const { note, enough, detail } = await round(5);
  expect({ enough, lines: lines(note) }).toEqual({ enough: false, lines: 2 });
  expect(detail).toMatch(/^1 of 3 witnesses cosigned; w[23].example .*; w[23].example /);
  expect(group.isEnough(note)).toBe(false);
  second.fault = undefined;
  third.fault = undefined;
  await new Promise((done) => setTimeout(done, 1_100));
  expect(await round(6)).toMatchObject({ enough: true, detail: '3 of 3 witnesses cosigned' });
});

test('what a witness has cosigned is found out by one conflict, also by a client that forgot, and never proved from 0', async () => {
  const { witnesses, round } = await three(undefined);
  await round(9);
  const again = await three(undefined);
  // The same witnesses, asked by somebody who knows nothing of them.
  const [first] = witnesses;
  const [other] = again.witnesses;
  if (first === undefined || other === undefined) throw new Error('there are three');
  expect(first.latest(log.origin)?.size).toBe(9);
  const before = first.requests;
  expect(await round(11)).toMatchObject({ detail: '3 of 3 witnesses cosigned' });
  expect(first.requests).toBe(before + 1);
});

test("a larger checkpoint that a witness holds, signed by the log, is handed up; one that is not the log's is not", async () => {
  const { witnesses, round } = await three(undefined);
  await round(9);
  const back = await round(5);
  expect(back.enough).toBe(false);
  expect(new TextDecoder().decode(back.seen)).toContain(`${log.origin}\n9\n`);
  for (const witness of witnesses) witness.fault = { kind: 'wrong-size', size: 50 };
  const fresh = await three({ kind: 'wrong-size', size: 50 });
  expect((await fresh.round(5)).seen).toBeUndefined();
});

test('a checkpoint of another branch that a witness holds is handed up', async () => {
  const { witnesses } = await three(undefined);
  const fork = testLog(log.origin, { entry: (index) => `forked ${index}` });
  const [first] = witnesses;
  if (first === undefined) throw new Error('there are three');
  const { status } = await fetch(`${first.url}/add-checkpoint`, { method: 'POST', body: await fork.request(0, 4) });
  expect(status).toBe(200);
  const policy = readWitnessPolicy(encodeUtf8(`${first.policyLine}\nquorum w1.example\n`));
  const again = await three(undefined, { policy });
  const { enough, seen } = await again.round(6);
  expect(enough).toBe(false);
  expect(new TextDecoder().decode(seen)).toContain(`${log.origin}\n4\n`);
});

test('a round ends at once when the log lets go', async () => {
  const { group } = await three({ kind: 'hang' });
  const over = new AbortController();
  const begun = performance.now();
  setTimeout(() => over.abort(), 30);
  const { enough } = await group.cosign({
    tree: log.tree(5),
    note: await log.checkpoint(5),
    prove: async (oldSize) => log.proof(oldSize, 5),
    signal: over.signal,
  });
  expect(enough).toBe(true);
  expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS);
});

test('what follows the checkpoint cannot make another checkpoint of it', async () => {
  const { group, round } = await three(undefined);
  const { note } = await round(5);
  expect(group.isEnough(concatBytes(note, encodeUtf8('\u2014 other.example AAAAAAAAAA==\n')))).toBe(true);
  expect(group.isEnough(concatBytes(note, encodeUtf8('no line\n')))).toBe(false);
  const changed = note.slice();
  const at = changed.length - 10;
  changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
  expect(group.isEnough(changed)).toBe(false);
});
