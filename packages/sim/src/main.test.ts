import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

function simulate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const main = new URL('./main.ts', import.meta.url).pathname;
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', timeout: 60_000 });
}

test('a few seeds are run, counted and written down', () => {
  const report = join(mkdtempSync(join(tmpdir(), 'tilewright-sim-')), 'report.json');
  const { status, stdout } = simulate('--seeds', '40', '--from', '100', '--jobs', '2', '--report', report);
  expect(status).toBe(0);
  expect(stdout).toContain('seeds 100 to 139: 40 histories');
  expect(stdout).toContain('every promise held');
  const first = JSON.parse(readFileSync(report, 'utf8'));
  expect(first).toMatchObject({ from: 100, next: 140, histories: 40, failed: [] });
  const more = simulate('--seeds', '60', '--resume', '--jobs', '1', '--report', report);
  expect(more).toMatchObject({ status: 0, stdout: expect.stringContaining('seeds 100 to 159: 60 histories') });
  const both = JSON.parse(readFileSync(report, 'utf8'));
  expect(both).toMatchObject({ from: 100, next: 160, histories: 60 });
  expect(both.steps).toBeGreaterThan(first.steps);
}, 60_000);

test('a seed is told in words, with the command that tells it again', () => {
  const { status, stdout } = simulate('--replay', '8');
  expect(status).toBe(0);
  const command = /--world machine --decisions '([\d:,]+)'/.exec(stdout)?.[1] ?? '';
  const again = simulate('--world', 'machine', '--decisions', command);
  expect(again).toMatchObject({ status: 0, stdout });
});

test('help and usage', () => {
  expect(simulate('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--exhaustive') });
  expect(simulate('--seeds', 'x')).toMatchObject({ status: 2, stderr: expect.stringContaining('--seeds takes') });
  expect(simulate('--resume')).toMatchObject({ status: 2, stderr: expect.stringContaining('needs --report') });
  expect(simulate('--nonsense')).toMatchObject({ status: 2 });
});
