import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type CommandResult, runCommand } from '../server/run-command.ts';
import { startLyingServer } from './testing/lying-server.ts';
import { type RunningLog, startLog } from './testing/running-log.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const hammer = (...args: string[]): Promise<CommandResult> => runCommand([process.execPath, MAIN, ...args]);

let log: RunningLog;
let folder: string;
beforeAll(async () => {
  [log, folder] = await Promise.all([startLog('raw'), mkdtemp(join(tmpdir(), 'hammer-'))]);
  await writeFile(join(folder, 'vkey'), `${log.key.vkey}\n`);
}, 60_000);
afterAll(async () => {
  await log?.stop();
  await rm(folder, { recursive: true });
});

test('0: the goal is reached, the result is JSON', async () => {
  const { code, output } = await hammer(log.url, '--vkey-file', join(folder, 'vkey'), '--goal=50', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ ok: true, ended: 'goal', violations: [] });
});

test('0: the result for a person', async () => {
  const { code, output } = await hammer(log.url, '--vkey', log.key.vkey, '--goal=50', '--write-rate=1000');
  expect(code).toBe(0);
  expect(output).toMatch(/ended by goal[\s\S]*p99[\s\S]*since due[\s\S]*every check held\n$/);
});

test('1: a check failed, the evidence is in files', async () => {
  const server = await startLyingServer(log.url, {
    write: (truth, n) => (n === 20 ? { ...truth, body: Buffer.from('no index') } : truth),
  });
  onTestFinished(() => server.close());
  const evidence = join(folder, 'evidence');
  const { code, output } = await hammer(server.url, '--vkey', log.key.vkey, '--evidence', evidence, '--goal=100');
  expect(code).toBe(1);
  expect(output).toMatch(/VIOLATION bad-answer: .*\n.*the evidence is in /);
  expect(await readdir(join(evidence, 'bad-answer'))).toEqual(['answer', 'entry-sent', 'what.txt']);
});

test.each([
  ['usage', ['--writers=x'], /^hammer: --writers takes/],
  [
    'no key that can be read',
    ['--vkey-file=/nowhere'],
    /^hammer: the file of the log's key, \/nowhere, cannot be read\n$/,
  ],
  ['no key', ['--vkey=nonsense'], /^hammer: the log's key: /],
])('2: %s', async (_, args, message) => {
  const { code, output } = await hammer(log.url, ...args, ...(args[0]?.startsWith('--vkey') ? [] : ['--vkey=k']));
  expect([code, output]).toEqual([2, expect.stringMatching(message)]);
});

test('2: another machine', async () => {
  const { code, output } = await hammer('http://192.0.2.1', '--vkey', log.key.vkey);
  expect([code, output]).toEqual([2, expect.stringMatching(/^hammer: 192\.0\.2\.1 is not this machine\./)]);
});
