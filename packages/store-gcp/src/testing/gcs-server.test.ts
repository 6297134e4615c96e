import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NO_GCS_SERVER, skipsWithoutGcsServer, startGcsServer } from './gcs-server.ts';

test('a server of its own starts, has buckets, and is gone when it is stopped', async ({ skip }) => {
  skip(skipsWithoutGcsServer(), NO_GCS_SERVER);
  const [one, two] = await Promise.all([startGcsServer(), startGcsServer()]);
  expect(one.endpoint).not.toBe(two.endpoint);
  expect(await one.makeBucket('the-bucket')).toBe('the-bucket');
  expect((await fetch(`${one.endpoint}/storage/v1/b/the-bucket`)).status).toBe(200);
  expect((await fetch(`${two.endpoint}/storage/v1/b/the-bucket`)).status).toBe(404);
  await Promise.all([one.stop(), two.stop()]);
  expect(() => process.kill(one.pid, 0)).toThrow('ESRCH');
  await expect(fetch(one.endpoint)).rejects.toThrow();
});

test('a port that somebody has is refused, and objects in a folder outlive the server', async ({ skip }) => {
  skip(skipsWithoutGcsServer(), NO_GCS_SERVER);
  const directory = await mkdtemp(join(tmpdir(), 'tilewright-gcs-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const first = await startGcsServer({ directory });
  onTestFinished(() => first.stop());
  const port = Number(new URL(first.endpoint).port);
  await expect(startGcsServer({ port })).rejects.toThrow();
  const bucket = await first.makeBucket('kept-bucket');
  await fetch(`${first.endpoint}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=kept`, {
    method: 'POST',
    body: 'x',
  });
  await first.stop();
  const second = await startGcsServer({ directory });
  onTestFinished(() => second.stop());
  expect(await (await fetch(`${second.publicUrl(bucket)}/kept`)).text()).toBe('x');
});
