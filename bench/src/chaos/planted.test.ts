// The checks see what they are for: defects that are planted between two runs, in the log or in what was promised.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChaosPlan } from './chaos-plan.ts';
import { openDisk } from './disk/chaos-disk.ts';
import { runChaos } from './run-chaos.ts';
import { ChaosState, StateRefused } from './state/chaos-state.ts';
import type { RunRecord } from './state/run-record.ts';

const LIMIT_MS = 120_000;
/** Twice that is more than a whole bundle: what lies at the right edge a server itself compares when it starts. */
const NEW_ANSWERS = 150;

let top: string;
let sound: string;
let older: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'tilewright-chaos-planted-'));
  sound = join(top, 'sound');
  // Mounts are not of a test's process: so the log lies where it can be reached.
  await mkdir(join(sound, 'plain'), { recursive: true });
  expect((await run(sound)).findings).toEqual([]);
  older = join(top, 'older');
  await cp(join(sound, 'plain'), older, { recursive: true });
  expect((await run(sound)).findings).toEqual([]);
}, LIMIT_MS);
afterAll(() => rm(top, { recursive: true, force: true }));

/** A run of a state directory that is stopped soon. */
async function run(dir: string, requiresAll = false): Promise<RunRecord> {
  const state = new ChaosState(dir);
  const scratch = await mkdtemp(join(top, 'scratch-'));
  const enough = state.ledger.promised().answers + NEW_ANSWERS;
  const plan: ChaosPlan = {
    state,
    disk: openDisk(dir),
    scratch,
    seed: 1,
    minutes: 1,
    writers: 16,
    writesPerSecond: 300,
    readsPerSecond: 50,
    requiresAll,
    isStopped: () => state.ledger.promised().answers > enough,
    say: () => {},
    progress: () => {},
  };
  try {
    return await runChaos(plan);
  } finally {
    state.close();
  }
}

async function copyOfSound(name: string): Promise<string> {
  const dir = join(top, name);
  await cp(sound, dir, { recursive: true });
  return dir;
}

function flipByte(file: string): void {
  const bytes = readFileSync(file);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

test.each(['tile/0/000', 'tile/entries/000'])('one byte of %s', { timeout: LIMIT_MS }, async (path) => {
  const dir = await copyOfSound(path.replaceAll('/', '-'));
  flipByte(join(dir, 'plain', 'log', path));
  const { findings } = await run(dir);
  expect(findings).toEqual([`${path} was served with two contents`]);
  expect(readFileSync(join(dir, 'evidence-3.txt'), 'utf8')).toContain(findings[0]);
  // What was found is kept as it is.
  expect(() => new ChaosState(dir)).toThrow(StateRefused);
});

test('a log that is put back as it was: answered entries are lost', { timeout: LIMIT_MS }, async () => {
  const dir = await copyOfSound('back');
  await rm(join(dir, 'plain'), { recursive: true });
  await cp(older, join(dir, 'plain'), { recursive: true });
  expect((await run(dir)).findings.join('\n')).toMatch(/went from \d+ back to \d+|acknowledged entries are lost/);
});

test('another entry at an index that was answered', { timeout: LIMIT_MS }, async () => {
  const dir = await copyOfSound('other');
  const file = join(dir, 'promises');
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/^(answered )(\w)(.*)$/m, (_, word, digit, rest) => word + (digit === '0' ? '1' : '0') + rest),
  );
  expect((await run(dir)).findings.join('\n')).toMatch(/holds another entry/);
});

test('a checkpoint of another log', { timeout: LIMIT_MS }, async () => {
  const dir = await copyOfSound('fork');
  appendFileSync(join(dir, 'promises'), `checkpoint 7 ${'ab'.repeat(32)}\n`);
  expect((await run(dir)).findings.join('\n')).toMatch(
    /two roots were signed for size 7|checkpoint of size 7 is not of this log/,
  );
});

test('an entry in the log that nobody sent', { timeout: LIMIT_MS }, async () => {
  const dir = await copyOfSound('nobody');
  const file = join(dir, 'promises');
  const lines = readFileSync(file, 'utf8').split('\n');
  const leaf = lines.find((line) => line.startsWith('answered '))?.split(' ')[1];
  writeFileSync(file, lines.filter((line) => leaf === undefined || !line.includes(leaf)).join('\n'));
  expect((await run(dir)).findings.join('\n')).toMatch(/holds an entry that nobody sent/);
});

test('a fault that cannot be injected is said, and a finding where all are required', {
  timeout: LIMIT_MS,
}, async () => {
  const dir = await copyOfSound('required');
  const missing = ['full disk', 'slow disk (device)'];
  const lenient = await run(dir);
  expect(lenient.findings).toEqual([]);
  expect(Object.keys(lenient.notInjected)).toEqual(missing);
  const { findings } = await run(dir, true);
  expect(findings).toEqual(
    missing.map((kind) => expect.stringMatching(`^${kind.replace(/[()]/g, '.')} was not injected: `)),
  );
});
