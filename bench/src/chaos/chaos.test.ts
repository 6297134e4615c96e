import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChaosReport } from './report/merge-runs.ts';
import { readRuns } from './state/chaos-state.ts';
import type { RunRecord } from './state/run-record.ts';

const LIMIT_MS = 120_000;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-chaos-test-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; `interruptAt` is what it says when Ctrl-C comes. */
function chaos(args: readonly string[], interruptAt?: RegExp): Promise<Ended> {
  const child = spawn(execPath, [join(import.meta.dirname, 'main.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  let isDue = interruptAt !== undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (isDue && interruptAt?.test(stderr)) {
      isDue = false;
      child.kill('SIGINT');
    }
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const ALWAYS = [
  'stopped (SIGSTOP)',
  'slow disk (calls)',
  'clock jump forward',
  'clock jump back',
  'connection resets',
  'malformed clients',
];
const WITH_MOUNTS = ['full disk', 'slow disk (device)'];

test('a few moments of every fault: nothing is lost, and one report of it', { timeout: LIMIT_MS }, async ({ skip }) => {
  const [state, report] = [join(dir, 'short'), join(dir, 'report')];
  const { code, stdout, stderr } = await chaos([
    '--minutes',
    '0.1',
    '--seed',
    '1',
    '--state',
    state,
    '--report',
    report,
    '--json',
  ]);
  // With TILEWRIGHT_REQUIRE_ALL=1 a fault that cannot be injected is among them.
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('FOUND') });
  const record = JSON.parse(stdout) as RunRecord;
  const kinds = record.faults.map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(ALWAYS));
  expect(kinds.some((kind) => kind.startsWith('kill -9'))).toBe(true);
  expect(record.acknowledged).toBeGreaterThan(300);
  expect(record.windows).toHaveLength(2);
  const merged = JSON.parse(await readFile(`${report}.json`, 'utf8')) as ChaosReport;
  expect(merged).toMatchObject({ runs: 1, findings: [], entries: record.entries });
  expect(await readFile(`${report}.md`, 'utf8')).toContain('Nothing lost, nothing broken.');
  const missed = Object.values(record.notInjected);
  if (missed.length > 0) skip(`without a full disk and a slow device: ${missed.join('; ')}`);
  expect(kinds).toEqual(expect.arrayContaining(WITH_MOUNTS));
});

test('Ctrl-C ends a run in order, and the next one goes on with the log', { timeout: LIMIT_MS }, async () => {
  const state = join(dir, 'interrupted');
  for (const run of [1, 2]) {
    const { code, stderr } = await chaos(
      ['--minutes', '5', '--seed', '1', '--state', state],
      /[1-9]\d+ indexes answered/,
    );
    expect({ run, code, stderr }).toMatchObject({ code: 130 });
  }
  const [first, second] = readRuns(state);
  expect(first).toMatchObject({ run: 1, isInterrupted: true, findings: [] });
  expect(second).toMatchObject({ run: 2, isInterrupted: true, findings: [] });
  expect(second?.acknowledged).toBeGreaterThan(first?.acknowledged ?? 0);
  // What was sent in the first run is known in the second.
  expect(second?.duplicates['of lost answers: told its index']).toBeGreaterThan(0);
  expect(existsSync(join(state, 'owner'))).toBe(false);
});

test('wrong options, and a state directory without runs', async () => {
  for (const args of [
    ['--minutes', '-1'],
    ['--minutes', '0'],
    ['--nope'],
    ['--minutes', '0', '--state', dir, '--report', dir],
  ]) {
    expect(await chaos(args)).toMatchObject({ code: 2, stdout: '' });
  }
  expect(await chaos(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('npm run chaos') });
});
