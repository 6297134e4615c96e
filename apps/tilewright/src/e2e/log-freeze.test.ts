import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateMlDsa44KeyPem } from '@tilewright/signer';
import { startTestWitness, type TestWitness } from '@tilewright/witness/testing';
import { expect, onTestFinished, test } from 'vitest';
import { entryRequest, postEntry } from '../testing/entry-request.ts';
import { type CliResult, runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere } from '../testing/running-log.ts';

/** As Go's time.UnixDate has it, in UTC. */
const LINE =
  /^Log frozen — (Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 1-3]\d \d\d:\d\d:\d\d UTC \d{4}$/;
const FROZEN = 'This log has been frozen, please switch to the latest log.\n';

function freeze(place: LogPlace, ...more: readonly string[]): Promise<CliResult> {
  return runCli(['log', 'freeze', ...place.flags.slice(0, 6), '--yes', ...more]);
}

async function writtenLog(entries: number, ...flags: readonly string[]): Promise<LogPlace> {
  const place = await logPlace();
  const server = await serveHere(place, ...flags);
  for (let i = 0; i < entries; i++) expect((await postEntry(place.url, entryRequest(`${i}`))).status).toBe(201);
  expect(await server.stop()).toBe(0);
  return place;
}

function checkpoint({ storage }: LogPlace): string {
  return readFileSync(join(storage, 'checkpoint'), 'utf8');
}

test('a log is frozen once, and is served read-only afterwards, whatever the flags', async () => {
  const place = await writtenLog(3);
  const before = checkpoint(place);
  const refused = await runCli(['log', 'freeze', ...place.flags.slice(0, 6)]);
  expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('--yes')]);
  expect(checkpoint(place)).toBe(before);

  const done = await freeze(place, '--json');
  expect([done.status, done.err]).toEqual([0, '']);
  const facts = JSON.parse(done.out);
  const [origin, size, root, line, empty, ...signatures] = checkpoint(place).split('\n');
  expect([origin, size, root].join('\n')).toBe(before.split('\n').slice(0, 3).join('\n'));
  expect(line).toMatch(LINE);
  expect([empty, signatures]).toEqual(['', [expect.stringMatching(/^— localhost /), '']]);
  expect(facts).toEqual({ origin: 'localhost', already: false, size: 3, rootHash: root, line });

  const last = checkpoint(place);
  const again = await freeze(place);
  expect([again.status, again.err, checkpoint(place)]).toEqual([0, '', last]);
  expect(again.out).toContain('Already frozen: localhost');

  for (const flags of [[], ['--read-only'], ['--http-workers=2']]) {
    const server = await serveHere(place, ...flags);
    const answer = await postEntry(place.url, entryRequest('late'));
    expect([answer.status, await answer.text()]).toEqual([405, FROZEN]);
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${place.url}/checkpoint`)).text()).toBe(last);
    expect(await (await fetch(`${place.url}/log-info`)).json()).toMatchObject({ frozen: line });
    const status = await runCli(['log', 'status', place.url, '--vkey', place.key.vkey, '--json']);
    expect(JSON.parse(status.out)).toMatchObject({ size: 3, extensions: [line] });
    const proof = await runCli(['log', 'prove', place.url, '1', '--vkey', place.key.vkey]);
    expect(proof.status).toBe(0);
    expect(await server.stop()).toBe(0);
    expect(checkpoint(place)).toBe(last);
  }
  const fsck = await runCli(['log', 'fsck', place.storage, '--vkey', place.key.vkey]);
  expect([fsck.status, fsck.err]).toEqual([0, expect.not.stringContaining('damaged')]);
  const status = await runCli(['log', 'status', place.storage, '--vkey', place.key.vkey, '--json']);
  expect(JSON.parse(status.out)).toMatchObject({ frozen: true, size: 3, integrated: 3 });
});

test('a log in use, none, and another key are refused, and nothing is changed', async () => {
  const place = await logPlace();
  const none = await freeze(place);
  expect([none.status, none.err]).toEqual([2, expect.stringContaining('there is no log in')]);
  const server = await serveHere(place);
  await postEntry(place.url, entryRequest('one'));
  const before = checkpoint(place);
  const inUse = await freeze(place);
  expect([inUse.status, inUse.err]).toEqual([2, expect.stringContaining('stop serve before the log is frozen')]);
  expect((await postEntry(place.url, entryRequest('two'))).status).toBe(201);
  expect(await server.stop()).toBe(0);
  const stranger = await logPlace();
  const wrong = await runCli([
    ...['log', 'freeze', '--storage-dir', place.storage, '--signer-filepath', stranger.keyFile],
    ...['--hostname', 'localhost', '--yes'],
  ]);
  expect([wrong.status, wrong.err]).toEqual([2, expect.stringContaining('has the key with id')]);
  expect(checkpoint(place)).not.toContain('Log frozen');
  expect(checkpoint(place).split('\n')[1]).toBe('2');
  expect(before).not.toContain('Log frozen');
});

test('an empty log, and a log of raw entries, can be frozen', async () => {
  const empty = await logPlace();
  const init = ['log', 'init', empty.storage, '--signer-filepath', empty.keyFile, '--hostname', 'localhost'];
  expect((await runCli(init)).status).toBe(0);
  expect(JSON.parse((await freeze(empty, '--json')).out)).toMatchObject({ size: 0, already: false });

  const raw = await logPlace();
  const server = await serveHere(raw, '--personality=raw');
  expect((await fetch(`${raw.url}/add`, { method: 'POST', body: 'x' })).status).toBe(200);
  expect(await server.stop()).toBe(0);
  expect(JSON.parse((await freeze(raw, '--json')).out)).toMatchObject({ size: 1 });
  await serveHere(raw, '--personality=raw');
  const late = await fetch(`${raw.url}/add`, { method: 'POST', body: 'y' });
  expect([late.status, await late.text()]).toEqual([405, FROZEN]);
});

test('what a crash left between the mark and the last checkpoint is finished by whoever opens the log', async () => {
  const place = await writtenLog(2);
  const before = checkpoint(place);
  expect((await freeze(place)).status).toBe(0);
  const last = checkpoint(place);
  for (const finish of [() => freeze(place), () => serveHere(place).then((server) => server.stop())]) {
    const temp = join(place.storage, 'before');
    writeFileSync(temp, before);
    renameSync(temp, join(place.storage, 'checkpoint'));
    await finish();
    expect(checkpoint(place)).toBe(last);
  }
});

test('an ML-DSA key does not sign the last checkpoint', async () => {
  const place = await logPlace();
  const second = join(place.directory, 'second.pem');
  writeFileSync(second, generateMlDsa44KeyPem(), { mode: 0o600 });
  const flags = ['--signer-additional-filepath', second];
  const server = await serveHere(place, ...flags);
  await postEntry(place.url, entryRequest('one'));
  expect(await server.stop()).toBe(0);
  expect(checkpoint(place).match(/^— localhost /gm)).toHaveLength(2);
  expect((await freeze(place, ...flags)).status).toBe(0);
  expect(checkpoint(place).match(/^— localhost /gm)).toHaveLength(1);
  expect((await runCli(['log', 'fsck', place.storage, '--vkey', place.key.vkey])).status).toBe(0);
});

const NAMES = ['w1.example', 'w2.example', 'w3.example'];

/** A log with three witnesses, of which two must cosign. */
async function witnessedLog(): Promise<{ place: LogPlace; witnesses: TestWitness[]; policy: string[] }> {
  const place = await logPlace();
  const witnesses = await Promise.all(NAMES.map((name) => startTestWitness({ name, logs: [place.key.vkey] })));
  onTestFinished(async () => void (await Promise.all(witnesses.map((witness) => witness.close()))));
  const file = join(place.directory, 'policy.txt');
  const lines = [...witnesses.map(({ policyLine }) => policyLine), `group two 2 ${NAMES.join(' ')}`, 'quorum two'];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const policy = ['--witness-policy-path', file, '--witness-timeout=300ms'];
  const server = await serveHere(place, ...policy, '--checkpoint-interval=20ms');
  expect((await postEntry(place.url, entryRequest('one'))).status).toBe(201);
  expect(await server.stop()).toBe(0);
  return { place, witnesses, policy };
}

const cosigners = (place: LogPlace): number => checkpoint(place).match(/^— w\d\.example /gm)?.length ?? 0;

test('witnesses cosign the last checkpoint, those that do not are named, and are asked once more', async () => {
  const { place, witnesses, policy } = await witnessedLog();
  for (const witness of witnesses.slice(1)) witness.fault = { kind: 'down' };
  const few = await freeze(place, ...policy, '--json');
  expect([few.status, few.err]).toEqual([0, expect.stringContaining('too few witnesses cosigned the last checkpoint')]);
  expect(JSON.parse(few.out)).toMatchObject({
    already: false,
    enoughCosigned: false,
    missing: [
      { witness: 'w2.example', reason: expect.stringContaining('could not be asked') },
      { witness: 'w3.example' },
    ],
  });
  expect(cosigners(place)).toBe(1);
  const [line] = /^Log frozen .*$/m.exec(checkpoint(place)) ?? [];

  for (const witness of witnesses) witness.fault = undefined;
  const all = await freeze(place, ...policy, '--json');
  expect([all.status, all.err]).toEqual([0, '']);
  expect(JSON.parse(all.out)).toMatchObject({ already: true, enoughCosigned: true, missing: [], line });
  expect(cosigners(place)).toBe(3);
  const last = checkpoint(place);
  expect((await freeze(place, ...policy)).status).toBe(0);
  expect(checkpoint(place)).toBe(last);
});

test('a log that waits for its witnesses gets no last checkpoint before they have cosigned it', async () => {
  const { place, witnesses, policy } = await witnessedLog();
  const closed = [...policy, '--witness-fail-open=false', '--timeout=1s'];
  for (const witness of witnesses.slice(1)) witness.fault = { kind: 'down' };
  const before = checkpoint(place);
  const held = await freeze(place, ...closed);
  expect([held.status, held.err]).toEqual([
    1,
    expect.stringMatching(/takes no more entries, but its last checkpoint is not published .*w2\.example/),
  ]);
  expect(checkpoint(place)).toBe(before);
  for (const witness of witnesses) witness.fault = undefined;
  const done = await freeze(place, ...closed, '--json');
  expect([done.status, done.err]).toEqual([0, '']);
  expect(JSON.parse(done.out)).toMatchObject({ enoughCosigned: true, missing: [] });
  expect(cosigners(place)).toBe(3);
});
