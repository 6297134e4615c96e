import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNote, parseVerifierKey } from '@tilewright/core/note';
import { cosignatureVerifierOf, noteVerifierOf } from '@tilewright/signer';
import { expect, onTestFinished, test } from 'vitest';
import { startTestWitness, testCosigner } from '../../testing/start-test-witness.ts';
import { testLog } from '../../testing/test-log.ts';
import { openWitnessState } from '../state/open-witness-state.ts';
import { logIdOf } from '../state/witnessed-head.ts';
import { Witness } from './witness.ts';

const NAME = 'witness.example/crash';
const log = testLog('log.example/crash');

/** A witness whose key kills the process: everything is stored by then, and nothing is answered. */
const KILLED_AT_SIGNING = `
  import { readKnownLogs, openWitnessState, startWitnessServer } from ${source('../index.ts')};
  import { testCosigner } from ${source('../../testing/index.ts')};
  const [path, vkey] = process.argv.slice(-2);
  const cosigner = { ...testCosigner('${NAME}'), cosign: () => process.kill(process.pid, 'SIGKILL') };
  const server = await startWitnessServer({
    cosigners: [cosigner],
    logs: readKnownLogs(new TextEncoder().encode('log ' + vkey), [cosigner]),
    state: openWitnessState({ path, name: '${NAME}', create: true }),
    nowMs: Date.now,
    events: { emit() {} },
    address: { host: '127.0.0.1', port: 0 },
    prefix: '',
  });
  console.log(server.port);
`;

function source(path: string): string {
  return JSON.stringify(new URL(path, import.meta.url).href);
}

test('N32 killed between storing and answering: the size is known afterwards, and is cosigned when it is asked for', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-witness-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'witness.db');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', KILLED_AT_SIGNING, path, log.vkey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    child.once('exit', () => reject(new Error('the witness did not start')));
  });
  const first = await log.request(0, 5);
  await expect(fetch(`http://127.0.0.1:${port}/add-checkpoint`, { method: 'POST', body: first })).rejects.toThrow();
  expect(await ended).toBe('SIGKILL');

  const state = openWitnessState({ path, name: NAME, create: false });
  const { url, close } = await startTestWitness({ name: NAME, logs: [log.vkey], state });
  onTestFinished(close);
  const post = (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  const repeated = await post(first);
  expect([repeated.status, await repeated.text()]).toEqual([409, '5\n']);
  const again = await post(await log.request(5, 5));
  expect([again.status, await again.text()]).toEqual([200, expect.stringContaining(NAME)]);
});

test('after a crash monitors see a cosignature of what was stored, with the time that was stored', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'tilewright-witness-')), 'witness.db');
  onTestFinished(() => rmSync(join(path, '..'), { recursive: true }));
  const cosigners = [testCosigner(NAME)];
  const options = { cosigners, nowMs: () => 1_800_000_000_000, events: { emit: () => undefined } };
  const logs = new Map([[log.origin, [noteVerifierOf(parseVerifierKey(log.vkey))]]]);
  const before = openWitnessState({ path, name: NAME, create: true });
  const answer = await new Witness({ ...options, logs, state: before }).addCheckpoint(await log.request(0, 5));
  before.close();
  const state = openWitnessState({ path, name: NAME, create: false });
  onTestFinished(() => state.close());
  const later = new Witness({ ...options, nowMs: () => 1_900_000_000_000, logs, state });
  const shown = await later.checkpoint(logIdOf(log.origin));
  const [, line] = openNote(shown.body, [
    noteVerifierOf(parseVerifierKey(log.vkey)),
    ...cosigners.map(({ key }) => cosignatureVerifierOf(key)),
  ]).verified;
  expect(line?.line).toBe(new TextDecoder().decode(answer.body));
});
