import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ourServer } from '../server/commands.ts';
import { startServer } from '../server/server-process.ts';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { K6_BINARY } from './k6/k6-binary.ts';
import type { LoadResult } from './load-result.ts';
import { readOptions } from './options.ts';
import { runLoad } from './run-load.ts';

const present = existsSync(K6_BINARY);
const required = process.env.TILEWRIGHT_REQUIRE_ALL === '1';
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** The tests are about what is counted, not about the speed of the machine. */
const PATIENT = ['--seconds', '1', '--p95', '20000', '--p99', '20000'];

test('four scenarios against one server, and one by the command that breaks its thresholds', {
  timeout: 120_000,
}, async ({ skip }) => {
  if (!present && !required) skip('k6 is not installed: run tools/install --only k6');
  expect(present, 'k6 is missing: run tools/install --only k6').toBe(true);
  const servers = await makeWorkspaceDir();
  const place = await servers.place('log');
  const server = await startServer(ourServer(place));
  const url = ['--url', `http://localhost:${place.ports.http}`];
  const run = async (...args: string[]): Promise<LoadResult> => {
    const options = readOptions([...args, ...PATIENT, ...url]);
    if (options === undefined) throw new Error('no options');
    const workspace = await makeWorkspaceDir();
    try {
      return await runLoad(options, workspace, () => {});
    } finally {
      await workspace.remove();
    }
  };
  try {
    const duplicates = await run('duplicates', '--vus', '4', '--count', '2000');
    expect(duplicates.verdicts.filter(({ held }) => !held)).toEqual([]);
    const created = duplicates.series.answers.filter(({ answer }) => answer === 'HTTP 201');
    const known = duplicates.series.answers.filter(({ answer }) => answer === 'HTTP 409');
    expect(created.length).toBeGreaterThan(0);
    expect(known.some(({ request }) => request === 'repeat')).toBe(true);

    const bad = await run('bad', '--rate', '60', '--vus', '80');
    expect(bad.verdicts.filter(({ held }) => !held)).toEqual([]);
    const counts = Object.fromEntries(
      bad.series.answers.map(({ request, answer, latency }) => [`${request} ${answer}`, latency.count]),
    );
    expect(counts['bad HTTP 400']).toBeGreaterThan(10);
    expect(counts['write HTTP 201']).toBeGreaterThan(20);

    const grpc = await run('grpc', '--vus', '4', '--count', '300', '--grpc', `127.0.0.1:${place.ports.grpc}`);
    expect(grpc.verdicts.filter(({ held }) => !held)).toEqual([]);
    expect(grpc.series.answers.map(({ answer }) => answer)).toEqual(['gRPC OK']);
    expect(grpc.requests).toBeLessThanOrEqual(300);

    const read = await run('read', '--rate', '40');
    expect(read.verdicts.filter(({ held }) => !held)).toEqual([]);
    const kinds = read.series.answers.map(({ answer }) => answer);
    expect(kinds).toEqual(expect.arrayContaining(['checkpoint HTTP 200', 'partial HTTP 200']));

    const page = join(servers.path, 'report.html');
    // Nothing is durable and published within a millisecond.
    const args = ['arrival', '--seconds', '1', '--rate', '20', '--p95', '1', '--json', ...url, '--out', page];
    const ended = await promisify(execFile)(process.execPath, [MAIN, ...args]).catch((error: unknown) => error);
    expect(ended).toMatchObject({ code: 1 });
    const { stdout } = ended as { readonly stdout: string };
    const broken = (JSON.parse(stdout) as LoadResult).verdicts.find(({ held }) => !held);
    expect(broken?.threshold).toBe('answer_ms{request:write} p(95)<=1');
    expect(await readFile(page, 'utf8')).toContain('A threshold is broken.');
  } finally {
    await server.stop();
    await servers.remove();
  }
});
