import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { REFERENCE_BINARY } from '../server/commands.ts';
import { SUITES } from './plan/contestants.ts';
import { missingTools } from './table/missing-tools.ts';
import type { Results } from './table/results-file.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const IS_REQUIRED = process.env.TILEWRIGHT_REQUIRE_ALL === '1';

interface Ended {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...args: string[]): Promise<Ended> {
  return promisify(execFile)(process.execPath, [MAIN, ...args]).catch((error: unknown) => error as Ended);
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tilewright-bench-test-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('a run of one row, and the same run resumed', { timeout: 120_000 }, async ({ skip }) => {
  const missing = missingTools(
    SUITES.flatMap(({ contestants }) => contestants),
    REFERENCE_BINARY,
  );
  if (missing.length > 0 && !IS_REQUIRED) skip(missing.join('; '));
  expect(missing).toEqual([]);
  const out = await folder();
  const plan = ['--only', 'raw', '--writers', '16', '--runs', '1', '--seconds', '1', '--out', out];
  const { code, stderr } = await bench(...plan);
  expect(code ?? 0, stderr).toBe(0);
  const [json = ''] = (await readdir(out)).filter((name) => name.endsWith('.json'));
  const file = join(out, json);
  const results = JSON.parse(await readFile(file, 'utf8')) as Results;
  const figures = Object.entries(results.results).flatMap(([key, result]) =>
    'figures' in result ? [[key, result.figures.rate, result.figures.peakMiB] as const] : [],
  );
  expect(figures.map(([key]) => key).slice(0, 2)).toEqual(['raw/16/ours/1', 'raw/16/tessera/1']);
  for (const [key, rate, peakMiB] of figures) {
    expect(rate, key).toBeGreaterThan(0);
    expect(peakMiB, key).toBeGreaterThan(5);
  }
  const { 'raw/16/tessera/1': _, ...rest } = results.results;
  await writeFile(file, JSON.stringify({ ...results, results: rest }));
  const again = await bench('--resume', file);
  expect(again.code ?? 0, again.stderr).toBe(0);
  expect(again.stderr).toContain('1 of 3 measurements to make');
  expect(again.stdout).toMatch(/\| 16 \| \*Tilewright raw \/ Tessera POSIX\* \| [\d.]+× \|/);
  expect(await readFile(file.replace('.json', '.md'), 'utf8')).toContain('In 2 sittings.');
});

test('what cannot be run ends at once, in plain words', { timeout: 60_000 }, async () => {
  const out = await folder();
  const cases: [string[], number, RegExp][] = [
    [['--writers', '7'], 2, /^bench: nothing here is measured with 7 writers: --writers takes any of 1, 16, /],
    [['--only', 'x'], 2, /^bench: --only takes any of rekor, raw, grpc, ours, peer, not "x"/],
    [['--resume', join(out, 'none.json')], 2, /^bench: cannot go on with .*none\.json: it cannot be read/],
    [
      ['--only', 'rekor', '--reference', join(out, 'none')],
      1,
      /^bench: .*rekor-server-posix is missing .*tools\/install/,
    ],
  ];
  for (const [args, code, words] of cases) {
    const ended = await bench(...args, '--out', out);
    expect(ended, args.join(' ')).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(words);
  }
  expect(await readdir(out)).toEqual([]);
});
