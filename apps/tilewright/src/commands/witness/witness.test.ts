import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatSigningKey, openNote, parseVerifierKey } from '@tilewright/core/note';
import { openCosignatures } from '@tilewright/core/witness';
import { cosignerOf, noteVerifierOf, privateKeyFromSeed } from '@tilewright/signer';
import { testLog } from '@tilewright/witness/testing';
import { expect, test } from 'vitest';
import { freePorts } from '../../testing/free-ports.ts';
import { runCli } from '../../testing/run-cli.ts';
import { RunningProcess } from '../../testing/running-process.ts';
import { temporaryDirectory } from '../../testing/temporary-directory.ts';

const NAME = 'witness.example/w1';
const log = testLog('log.example/e2e');
const BIN = fileURLToPath(new URL('../../../bin/tilewright.mjs', import.meta.url));

interface Place {
  readonly directory: string;
  readonly keyFile: string;
  readonly logsFile: string;
  readonly state: string;
  readonly base: string;
  /** Of the submissions. */
  readonly url: string;
  readonly flags: readonly string[];
  readonly vkey: string;
}

/** A key, a state and a file with one log, as `witness init` and an editor make them. */
async function place(...init: readonly string[]): Promise<Place> {
  const directory = temporaryDirectory();
  const [keyFile, logsFile, state] = ['key.pem', 'logs.txt', 'witness.db'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const made = await runCli([
    'witness',
    'init',
    '--name',
    NAME,
    '--key-file',
    keyFile,
    '--state',
    state,
    '--json',
    ...init,
  ]);
  expect(made.err).toBe('');
  const { vkey } = JSON.parse(made.out) as { vkey: string };
  writeFileSync(logsFile, `log ${log.vkey}\n`);
  const [port] = await freePorts(1);
  const base = `http://127.0.0.1:${port}`;
  const paths = ['--key-file', keyFile, '--logs-file', logsFile, '--state', state];
  const flags = ['--name', NAME, ...paths, '--http-port', `${port}`, '--url-prefix', '/w1'];
  return { directory, keyFile, logsFile, state, base, url: `${base}/w1`, flags, vkey };
}

async function started({ flags, base }: Place, ...more: readonly string[]): Promise<RunningProcess> {
  const witness = new RunningProcess(['witness', ...flags, ...more]);
  await witness.ready(`${base}/healthz`);
  return witness;
}

async function add({ url }: Place, oldSize: number, size: number, of = log): Promise<Response> {
  return fetch(`${url}/add-checkpoint`, { method: 'POST', body: await of.request(oldSize, size) });
}

async function stopped(witness: RunningProcess): Promise<number | string> {
  witness.child.kill('SIGTERM');
  return witness.ended;
}

test('a witness cosigns, says its facts, stops with 0, and knows after a restart what it cosigned', async () => {
  const here = await place();
  expect(statSync(here.keyFile).mode % 0o1000).toBe(0o600);
  const witness = await started(here);
  const answer = await add(here, 0, 5);
  expect(answer.status).toBe(200);
  const own = noteVerifierOf(parseVerifierKey(here.vkey));
  const lines = new Uint8Array(await answer.arrayBuffer());
  expect(openCosignatures(await log.checkpoint(5), lines, [own])).toHaveLength(1);
  const hash = createHash('sha256').update(log.origin).digest('hex');
  const shown = await fetch(`${here.url}/${hash}/checkpoint`);
  const verifiers = [own, noteVerifierOf(parseVerifierKey(log.vkey))];
  expect(openNote(new Uint8Array(await shown.arrayBuffer()), verifiers).verified).toHaveLength(2);
  expect(await stopped(witness)).toBe(0);
  expect(witness.out).toBe('');
  const logged = witness.err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const policyLine = `witness ${NAME} ${here.vkey} ${here.url}`;
  expect(logged).toContainEqual(
    expect.objectContaining({ msg: 'witness key', name: NAME, vkey: here.vkey, policyLine }),
  );
  expect(logged).toContainEqual(
    expect.objectContaining({ msg: 'first checkpoint of a log cosigned', origin: log.origin, size: 5 }),
  );
  expect(logged.at(-1)).toMatchObject({ level: 'INFO', msg: 'stopped' });

  const again = await started(here);
  const conflict = await add(here, 0, 5);
  expect([conflict.status, await conflict.text()]).toEqual([409, '5\n']);
  expect((await add(here, 5, 9)).status).toBe(200);
  again.child.kill('SIGKILL');
  await again.ended;
  const third = await started(here);
  expect(await (await add(here, 5, 9)).text()).toBe('9\n');
  expect(await stopped(third)).toBe(0);
});

test('the logs are read again at SIGHUP; a mistake in them changes nothing', async () => {
  const here = await place();
  const witness = await started(here);
  const second = testLog('second.example/log');
  expect((await add(here, 0, 3, second)).status).toBe(404);
  appendFileSync(here.logsFile, 'log nonsense\n');
  witness.child.kill('SIGHUP');
  await expect.poll(() => witness.err).toContain('the logs were not read again');
  expect(witness.err).toContain('line 2 of the policy');
  expect((await add(here, 0, 3)).status).toBe(200);
  writeFileSync(here.logsFile, `log ${log.vkey}\nlog ${second.vkey}\nquorum none\n`);
  witness.child.kill('SIGHUP');
  await expect.poll(() => witness.err).toContain('"msg":"logs read again"');
  expect((await add(here, 0, 3, second)).status).toBe(200);
  expect(await stopped(witness)).toBe(0);
});

test('a second witness on the same state is refused with 2, and names it', async () => {
  const here = await place();
  const witness = await started(here);
  const [port] = await freePorts(1);
  const second = new RunningProcess(['witness', ...here.flags, '--http-port', `${port}`]);
  expect(await second.ended).toBe(2);
  expect(second.err).toContain(`error: ${here.state} is in use by another process`);
  expect((await add(here, 0, 5)).status).toBe(200);
  expect(await stopped(witness)).toBe(0);
});

test('a start without a state, with a damaged one or with that of another is refused with 2, and names it', async () => {
  const here = await place();
  const other = await runCli(['witness', ...here.flags, '--name', 'other.example/w']);
  expect([other.status, other.err]).toEqual([2, expect.stringContaining(`${here.state} is the state of the witness`)]);
  truncateSync(here.state, 5000);
  const damaged = await runCli(['witness', ...here.flags]);
  expect([damaged.status, damaged.err]).toEqual([2, expect.stringContaining(`${here.state} is damaged`)]);
  rmSync(here.state);
  const missing = await runCli(['witness', ...here.flags]);
  expect([missing.status, missing.err]).toEqual([2, expect.stringContaining(`${here.state} holds no state`)]);
  expect(missing.err).toContain('--create-state');
  const witness = await started(here, '--create-state');
  expect(await stopped(witness)).toBe(0);
});

test('when the state cannot grow any more nothing is signed, the process says why and ends with 1; a restart goes on', async () => {
  const here = await place();
  const limited = ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath, BIN, 'witness', ...here.flags];
  const witness = new RunningProcess(limited, { program: '/bin/sh' });
  await witness.ready(`${here.base}/healthz`);
  let size = 0;
  let refused: Response | undefined;
  while (refused === undefined && size < 200) {
    const answer = await add(here, size, size + 1);
    if (answer.status === 200) size += 1;
    else refused = answer;
  }
  expect([refused?.status, size > 0]).toEqual([503, true]);
  expect(await refused?.text()).not.toContain('\u2014');
  expect(await witness.ended).toBe(1);
  expect(witness.err).toContain('the state cannot be used: nothing is signed');
  expect(witness.err).toContain(here.state);
  const again = await started(here);
  const conflict = await add(here, 0, 1);
  expect([conflict.status, await conflict.text()]).toEqual([409, `${size}\n`]);
  expect(await stopped(again)).toBe(0);
});

test('two keys of two types answer with both cosignatures; a file of PRIVATE+KEY+ holds the name', async () => {
  const here = await place('--key-type', 'ml-dsa-44');
  const seed = new Uint8Array(32).fill(3);
  const { key } = cosignerOf(NAME, privateKeyFromSeed('ed25519', seed));
  const skey = join(here.directory, 'skey');
  writeFileSync(skey, formatSigningKey(key, seed), { mode: 0o600 });
  const witness = await started(here, '--key-file', skey);
  const lines = new Uint8Array(await (await add(here, 0, 5)).arrayBuffer());
  const verifiers = [noteVerifierOf(parseVerifierKey(here.vkey)), noteVerifierOf(key)];
  expect(openCosignatures(await log.checkpoint(5), lines, verifiers)).toHaveLength(2);
  expect((await fetch(`${here.url}/sign-subtree`, { method: 'POST', body: 'x' })).status).toBe(400);
  expect(await stopped(witness)).toBe(0);
});

test('init makes a key and a state, prints the line for policies, and overwrites nothing', async () => {
  const directory = temporaryDirectory();
  const [keyFile, state] = [join(directory, 'key.pem'), join(directory, 'state')];
  const flags = ['--name', NAME, '--key-file', keyFile, '--state', state];
  const made = await runCli(['witness', 'init', ...flags, '--url', 'https://witness.example/w1']);
  expect(made.status).toBe(0);
  expect(made.out).toMatch(
    /^Policy line: witness witness\.example\/w1 witness\.example\/w1\+\S+ https:\/\/witness\.example\/w1$/m,
  );
  expect(made.out).not.toContain('PRIVATE');
  const before = readFileSync(keyFile);
  const again = await runCli(['witness', 'init', ...flags]);
  expect([again.status, again.err]).toEqual([
    2,
    `error: ${keyFile} exists: a key is never overwritten; choose another path\n`,
  ]);
  expect(readFileSync(keyFile)).toEqual(before);
  const stranger = await runCli(['witness', 'init', ...flags, '--name', 'other', '--key-file', `${keyFile}2`]);
  expect([stranger.status, stranger.err]).toEqual([2, expect.stringContaining('is the state of the witness')]);
  expect(statSync(`${keyFile}2`, { throwIfNoEntry: false })).toBeUndefined();
  for (const bad of [
    ['--name', 'white space'],
    ['--url', 'witness.example/w1'],
    ['--key-type', 'rsa'],
  ]) {
    expect((await runCli(['witness', 'init', ...flags, '--key-file', `${keyFile}3`, ...bad])).status).toBe(2);
  }
});

test('every mistake in the configuration is told at once, with 2', async () => {
  const here = await place();
  writeFileSync(here.logsFile, 'log nothing\n');
  const { status, err } = await runCli(
    ['witness', ...here.flags, '--key-file', `${here.keyFile}.none`, '--url-prefix', 'w1', '--http-port', '0'],
    { TILEWRIGHT_LOG_LEVEL: 'loud' },
  );
  expect(status).toBe(2);
  for (const message of [
    `--key-file: there is no file ${here.keyFile}.none`,
    `--logs-file: ${here.logsFile}: line 1 of the policy`,
    '--url-prefix is a path',
    '--http-port: "0" is not between 1 and 65535',
    'TILEWRIGHT_LOG_LEVEL: "loud" is not one of',
  ]) {
    expect(err).toContain(message);
  }
  const nameless = await runCli(['witness', ...here.flags.filter((flag) => flag !== '--name' && flag !== NAME)]);
  expect(nameless.err).toContain('give it with --name');
});
