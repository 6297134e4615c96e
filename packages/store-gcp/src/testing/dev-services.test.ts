import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { realClock, realEntropy } from '@tilewright/log/testing';
import { expect, onTestFinished, test } from 'vitest';
import { connectBucket } from '../gcs/bucket-connection.ts';
import { gcsObjects } from '../gcs/gcs-objects.ts';
import { parseSpannerPath } from '../place/spanner-path.ts';
import { connectSpanner } from '../spanner/connect-spanner.ts';
import { readSchema } from '../spanner/schema/read-schema.ts';
import { NO_GCS_SERVER, skipsWithoutGcsServer } from './gcs-server.ts';
import { NO_SPANNER_EMULATOR, skipsWithoutSpannerEmulator } from './spanner-emulator.ts';
import { startDevServices } from './start-dev-services.ts';

const MAIN = fileURLToPath(new URL('./dev-services.ts', import.meta.url));
const world = { clock: realClock(), entropy: realEntropy() };

test('the command prints what uses its servers, and takes them along when it is interrupted', async ({ skip }) => {
  skip(skipsWithoutGcsServer(), NO_GCS_SERVER);
  skip(skipsWithoutSpannerEmulator(), NO_SPANNER_EMULATOR);
  const child = spawn(process.execPath, [MAIN, '--spanner-port', '0', '--storage-port', '0'], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  let complained = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complained += chunk.toString();
  });
  await expect.poll(() => `${said}${complained}`, { timeout: 30_000 }).toContain('Ctrl-C ends both.');
  const told = (what: string): string => new RegExp(`${what}[= ](\\S+)`).exec(said)?.[1] ?? '';
  const [emulator, endpoint] = [told('SPANNER_EMULATOR_HOST'), told('STORAGE_EMULATOR_HOST')];
  expect(said).toContain('tilewright serve --storage gcp');

  const bucket = await connectBucket({ bucket: told('--gcp-bucket'), prefix: '', endpoint }, world);
  expect(await gcsObjects(bucket).isEmpty()).toBe(true);
  await bucket.close();
  const place = { ...parseSpannerPath(told('--gcp-spanner')), tablePrefix: '', emulator };
  const spanner = await connectSpanner(place, world);
  expect(await readSchema(spanner)).toMatchObject({ kind: 'current' });
  await spanner.close();

  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(complained).toBe('');
  await expect(fetch(endpoint)).rejects.toThrow();
}, 60_000);

test('what cannot start leaves nothing behind', async ({ skip }) => {
  skip(skipsWithoutGcsServer(), NO_GCS_SERVER);
  skip(skipsWithoutSpannerEmulator(), NO_SPANNER_EMULATOR);
  const first = await startDevServices();
  onTestFinished(() => first.stop());
  const storagePort = Number(new URL(first.environment.STORAGE_EMULATOR_HOST ?? '').port);
  await expect(startDevServices({ storagePort })).rejects.toThrow();
  await first.stop();
  for (const pid of first.pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}, 60_000);

test.each([
  [['--help'], 0],
  [['--storage-port', 'x'], 2],
  [['--spanner-port', '65536'], 2],
  [['--unknown'], 2],
])('%j ends with %i, and says how it is used', (argv, status) => {
  const ended = spawnSync(process.execPath, [MAIN, ...argv], { encoding: 'utf8' });
  expect(ended.status).toBe(status);
  expect(ended.stdout + ended.stderr).toContain('usage: npm run dev-services');
});
