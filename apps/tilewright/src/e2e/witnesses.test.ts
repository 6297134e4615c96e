import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { openWithPolicy, parsePolicy } from '@tilewright/core/policy';
import { noteVerifierOf } from '@tilewright/signer';
import { startTestWitness, type TestWitness, type WitnessFault } from '@tilewright/witness/testing';
import { expect, onTestFinished, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../testing/entry-request.ts';
import { runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere, serveLog } from '../testing/running-log.ts';

const NAMES = ['w1.example', 'w2.example', 'w3.example'];
const QUICK = ['--checkpoint-interval=20ms', '--witness-timeout=300ms'];

/** A log with three real witnesses, two of which must cosign. */
async function witnessedPlace(): Promise<{ place: LogPlace; witnesses: TestWitness[]; policyFile: string }> {
  const place = await logPlace();
  const witnesses = await Promise.all(NAMES.map((name) => startTestWitness({ name, logs: [place.key.vkey] })));
  onTestFinished(async () => void (await Promise.all(witnesses.map((witness) => witness.close()))));
  const policyFile = join(place.directory, 'policy.txt');
  const lines = [...witnesses.map(({ policyLine }) => policyLine), `group two 2 ${NAMES.join(' ')}`, 'quorum two'];
  writeFileSync(policyFile, `${lines.join('\n')}\n`);
  return { place, witnesses, policyFile };
}

/** Who cosigned a note, by a policy that the log satisfies already with its own signature. */
function cosigners(note: string, place: LogPlace, policyFile: string): string[] {
  const policy = readFileSync(policyFile, 'utf8').replace(/^quorum .*$/m, 'quorum none');
  const { cosigned } = openWithPolicy(
    encodeUtf8(note),
    parsePolicy(encodeUtf8(`log ${place.key.vkey}\n${policy}`)),
    noteVerifierOf,
  );
  return cosigned.map(({ witness }) => witness.name);
}

/** What an answer's checkpoint carries; or the status when it is no answer. */
async function submit(place: LogPlace, policyFile: string, text: string): Promise<string> {
  const response = await postEntry(place.url, entryRequest(text));
  if (response.status !== 201) return `${response.status}`;
  const entry = (await response.json()) as EntryJson;
  return cosigners(entry.inclusionProof.checkpoint.envelope, place, policyFile).join(' ');
}

test('every answer carries the cosignatures that its policy asks for, and so does the checkpoint that is served', async () => {
  const { place, policyFile } = await witnessedPlace();
  const log = await serveHere(place, ...QUICK, '--witness-policy-path', policyFile, '--witness-collect=all');
  expect(await submit(place, policyFile, 'one')).toBe('w1.example w2.example w3.example');
  expect(await submit(place, policyFile, 'two')).toBe('w1.example w2.example w3.example');
  const shown = await (await fetch(`${place.url}/checkpoint`)).text();
  expect(cosigners(shown, place, policyFile)).toHaveLength(3);
  const metrics = await (await fetch(place.metricsUrl)).text();
  expect(metrics).toContain('tilewright_witness_cosigned_size{witness="w2.example"} 2');
  expect(metrics).toMatch(/tilewright_witness_requests_total\{witness="w1.example",outcome="cosigned"\} \d/);
  expect(metrics).toMatch(/tilewright_log_cosigned_total\{enough="true"\} \d/);
  expect(await log.stop()).toBe(0);
});

const HANG: WitnessFault = { kind: 'hang' };

// What three witnesses do, and what becomes of an entry: with --witness-fail-open, and with =false.
test.each<[string, readonly (WitnessFault | undefined)[], string, string]>([
  ['all well', [undefined, undefined, undefined], '2', '2'],
  ['one down', [{ kind: 'down' }, undefined, undefined], '2', '2'],
  ['one slow', [{ kind: 'slow', ms: 2_000 }, undefined, undefined], '2', '2'],
  ['one lying about sizes', [{ kind: 'wrong-size', size: 77 }, undefined, undefined], '2', '2'],
  ['one forking', [{ kind: 'forking' }, undefined, undefined], '2', '2'],
  ['down and slow', [{ kind: 'down' }, HANG, undefined], '1', '503'],
  ['lying and forking', [{ kind: 'wrong-size', size: 77 }, { kind: 'forking' }, undefined], '1', '503'],
  ['all down', [{ kind: 'down' }, { kind: 'down' }, { kind: 'down' }], '0', '503'],
])(
  '%s: cosigners of an answer, or its status',
  async (_, faults, open, closed) => {
    for (const [failOpen, expected] of [
      ['true', open],
      ['false', closed],
    ] as const) {
      const { place, witnesses, policyFile } = await witnessedPlace();
      const flags = [...QUICK, '--witness-policy-path', policyFile, `--witness-fail-open=${failOpen}`];
      const log = await serveHere(place, ...flags, '--server-timeout=1500ms', '--tlog-timeout=500ms');
      expect(await submit(place, policyFile, 'before')).toMatch(/^w\d.example w\d.example/);
      for (const [at, fault] of faults.entries()) {
        const witness = witnesses[at];
        if (witness !== undefined) witness.fault = fault;
      }
      const answer = await submit(place, policyFile, 'then');
      if (expected === '503') {
        // The first one waits as long as a client may; those who come later are told at once.
        expect(['503', '504']).toContain(answer);
        const begun = performance.now();
        expect(await submit(place, policyFile, 'later')).toBe('503');
        expect(performance.now() - begun).toBeLessThan(200);
        expect((await fetch(`${place.url}/readyz`)).status).toBe(503);
        for (const witness of witnesses) witness.fault = undefined;
        await expect
          .poll(async () => (await fetch(`${place.url}/readyz`)).status, { timeout: 20_000, interval: 50 })
          .toBe(200);
        expect(await submit(place, policyFile, 'again')).toMatch(/^w\d.example w\d.example/);
      } else {
        const names = answer.split(' ').filter((name) => name !== '');
        expect(names.length, answer).toBeGreaterThanOrEqual(Number(expected));
        for (const [at, fault] of faults.entries()) if (fault !== undefined) expect(names).not.toContain(NAMES[at]);
      }
      await log.stop();
    }
  },
  60_000,
);

test('an old copy of the whole directory is found out by a witness before anything of it is published, and stays refused', async () => {
  const { place, policyFile } = await witnessedPlace();
  const flags = [...QUICK, '--witness-policy-path', policyFile];
  const first = await serveHere(place, ...flags);
  expect(await submit(place, policyFile, 'one')).toContain('w1.example');
  await first.stop();
  const old = `${place.storage}-old`;
  cpSync(place.storage, old, { recursive: true, preserveTimestamps: true });
  const second = await serveHere(place, ...flags);
  for (const text of ['two', 'three']) expect(await submit(place, policyFile, text)).toContain('w1.example');
  await second.stop();
  rmSync(place.storage, { recursive: true });
  renameSync(old, place.storage);

  const third = await serveLog(place, ...flags);
  expect(await submit(place, policyFile, 'another two')).toBe('503');
  expect(await third.ended).toBe(1);
  expect(third.err).toContain("a witness holds a checkpoint of 3 entries that this log's key signed");
  expect(readFileSync(join(place.storage, 'checkpoint'), 'utf8')).toMatch(/^localhost\n1\n/);
  expect(await runCli(['serve', ...place.flags, ...flags])).toMatchObject({
    status: 1,
    err: expect.stringContaining('it is an old copy'),
  });
});

test('a policy that cannot be used ends the start with 2 and says why', async () => {
  const { place, policyFile } = await witnessedPlace();
  const start = (path: string) => runCli(['serve', ...place.flags, '--witness-policy-path', path]);
  expect(await start(`${policyFile}.gone`)).toMatchObject({
    status: 2,
    err: expect.stringContaining('there is no file'),
  });
  writeFileSync(policyFile, 'witness w1 nonsense http://127.0.0.1\nquorum w1\n');
  expect(await start(policyFile)).toMatchObject({ status: 2, err: expect.stringContaining('line 1 of the policy') });
  writeFileSync(policyFile, '# nobody\n');
  expect(await start(policyFile)).toMatchObject({
    status: 2,
    err: expect.stringContaining('the policy has no quorum line'),
  });
});
