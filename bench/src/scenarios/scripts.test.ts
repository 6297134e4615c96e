import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../server/commands.ts';
import { K6_BINARY } from './k6/k6-binary.ts';
import { SCENARIOS } from './scenario.ts';
import { SETTINGS_VARIABLE, type Settings } from './settings.ts';

const present = existsSync(K6_BINARY);

interface Inspected {
  readonly scenarios: Readonly<Record<string, { readonly exec: string; readonly gracefulStop: string }>>;
  readonly thresholds: Readonly<Record<string, readonly string[]>>;
  readonly maxRedirects: number;
  readonly totalDuration: string;
}

test('k6 takes every script: one bounded scenario, thresholds of latency and of wrong answers', async ({ skip }) => {
  if (!present && process.env.TILEWRIGHT_REQUIRE_ALL !== '1') skip('k6 is not installed: run tools/install --only k6');
  expect(present, 'k6 is missing: run tools/install --only k6').toBe(true);
  const folder = await mkdtemp(join(tmpdir(), 'tilewright-scripts-'));
  try {
    const [requests, list] = [join(folder, 'requests.jsonl'), join(folder, 'list.json')];
    await writeFile(requests, '{}\n');
    await writeFile(list, '[{}]');
    for (const { name, request, limits, hasRate } of SCENARIOS) {
      const settings: Settings = {
        url: 'http://127.0.0.1:1',
        grpc: '127.0.0.1:1',
        hosts: { localhost: '127.0.0.1' },
        requests,
        refused: list,
        paths: list,
        protos: join(REPOSITORY, 'packages', 'rekor-proto', 'proto'),
        summary: join(folder, 'summary.json'),
        seconds: 20,
        rate: 50,
        vus: 30,
        count: 100,
        limits,
      };
      const script = join(REPOSITORY, 'bench', 'k6', `${name}.ts`);
      const variable = `${SETTINGS_VARIABLE}=${JSON.stringify(settings)}`;
      const args = ['inspect', '--execution-requirements', '-e', variable, script];
      const { stdout } = await promisify(execFile)(K6_BINARY, args);
      const inspected = JSON.parse(stdout) as Inspected;
      expect(Object.keys(inspected.scenarios), name).toHaveLength(1);
      expect(inspected.maxRedirects, name).toBe(0);
      expect(inspected.totalDuration, name).toBe('50s');
      const thresholds = Object.keys(inspected.thresholds);
      expect(thresholds, name).toEqual(expect.arrayContaining([`answer_ms{request:${request}}`, 'failed']));
      expect(thresholds.includes('dropped_iterations'), name).toBe(hasRate);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
