import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { logPlace, serveLog } from '../testing/running-log.ts';

const run = promisify(execFile);
const tool = (name: string): string =>
  fileURLToPath(new URL(`../../../../.tools/bin/tessera-${name}`, import.meta.url));
const [INTEGRATION, HAMMER, FSCK] = ['integration', 'hammer', 'fsck'].map(tool) as [string, string, string];

test("Tessera's integration test, load generator and checker agree with a raw log", async ({ skip }) => {
  const present = [INTEGRATION, HAMMER, FSCK].every((path) => existsSync(path));
  skip(!present && process.env.TILEWRIGHT_REQUIRE_ALL !== '1', "Tessera's tools are not there: run tools/install");
  const place = await logPlace();
  const server = await serveLog(place, '--personality=raw');
  const { vkey } = place.key;
  const url = place.url;
  await run(INTEGRATION, [
    '--run_integration_test=true',
    `--log_url=${url}`,
    `--write_log_url=${url}`,
    `--log_public_key=${vkey}`,
    '--test_entry_size=1024',
  ]);
  // It ends with 0 only when the goal is reached, and with 1 when two checkpoints do not agree.
  await run(HAMMER, [
    `--log_public_key=${vkey}`,
    `--log_url=${url}`,
    '--max_read_ops=256',
    '--num_readers_random=8',
    '--num_readers_full=8',
    '--num_writers=256',
    '--max_write_ops=2000',
    '--leaf_write_goal=3000',
    '--max_runtime=50s',
    '--show_ui=false',
  ]);
  const key = join(place.directory, 'vkey');
  writeFileSync(key, vkey);
  // With fewer workers it hangs at the first damage.
  const flags = [`--public_key=${key}`, '--N=16', '--ui=false'];
  await run(FSCK, [`--storage_url=${url}/`, ...flags], { timeout: 50_000 });
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await run(FSCK, [`--storage_url=file://${place.storage}/`, ...flags], { timeout: 50_000 });
  const ours = await runCli(['log', 'fsck', place.storage, '--vkey', vkey, '--json']);
  expect(JSON.parse(ours.out)).toMatchObject({ ok: true });
}, 180_000);
