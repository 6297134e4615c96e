import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { generateEd25519KeyPem } from '@tilewright/signer';
import type { SyncPurpose } from '@tilewright/store-posix';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FileRecording, recordFiles } from './files/file-recording.ts';
import { FileSite } from './files/file-site.ts';
import { SHORT_LIFE } from './life/workload.ts';
import { replayOne } from './replay-one.ts';
import { type CrashReport, runCrashes } from './run-crashes.ts';
import { loadRecording, saveRecording } from './saved-recording.ts';

let dir: string;
beforeAll(async () => {
  // In memory where that can be: the disk of a busy machine would set the pace.
  dir = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tilewright-power-loss-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function record(without?: SyncPurpose): Promise<FileRecording> {
  const top = await mkdtemp(join(dir, 'recorded-'));
  return recordFiles(top, generateEd25519KeyPem(), SHORT_LIFE, without);
}

async function crash(recording: FileRecording, images: number, violations: number): Promise<CrashReport> {
  const site = await FileSite.open(recording, await mkdtemp(join(dir, 'image-')), { every: 4, times: 2 });
  return runCrashes(site, { images, seconds: 60, violations, seed: 1 }, () => {});
}

test('a log on a real file system keeps every promise, wherever the power fails', { timeout: 90_000 }, async () => {
  const recording = await record();
  const report = await crash(recording, 60, 5);
  expect(report.violations).toEqual([]);
  expect(report.images).toBeGreaterThanOrEqual(60);
  expect(recording.promises.answers.length).toBeGreaterThan(7);
  expect(recording.promises.served.length).toBeGreaterThan(5);
  const kinds = recording.steps.map(({ change }) => change.kind);
  expect(kinds).toEqual(expect.arrayContaining(['create', 'pwrite', 'fdatasync', 'link', 'rename', 'fsync-dir']));
});

test.each(['segment-record', 'object-data', 'object-dir', 'floor-raised', 'checkpoint-dir'] as const)(
  'a log that leaves out the %s syncs is found out',
  { timeout: 90_000 },
  async (purpose) => {
    const recording = await record(purpose);
    const { violations } = await crash(recording, 200, 1);
    expect(violations).toHaveLength(1);
    // And is seen again, in the recording as it was kept.
    const [violation] = violations;
    const path = join(dir, `${purpose}.recording`);
    saveRecording(violation?.recording ?? recording, path);
    const place = { moment: violation?.moment ?? 0, choice: violation?.choice ?? 0 };
    const said: string[] = [];
    const cuts = { every: 1000, times: 1 };
    const status = await replayOne(loadRecording(path), dir, place, cuts, (line) => said.push(line));
    expect({ status, said }).toEqual({ status: 1, said: [expect.stringMatching(/Error: /)] });
  },
);

test('below a real ext4, on a disk that loses what was not flushed', { timeout: 120_000 }, async ({ skip }) => {
  const run = async (
    ...args: string[]
  ): Promise<{ readonly code: number; readonly stdout: string; stderr: string }> => {
    const common = ['--form', 'blocks', '--short', '--save', dir];
    try {
      const main = join(import.meta.dirname, 'main.ts');
      return { code: 0, ...(await promisify(execFile)(execPath, [main, ...common, ...args])) };
    } catch (error) {
      return error as { readonly code: number; readonly stdout: string; stderr: string };
    }
  };
  const sound = await run('--images', '6');
  if (sound.code === 2) skip(`this machine does not allow it: ${sound.stderr.split('\n').at(-2)}`);
  expect(sound).toMatchObject({ code: 0 });
  expect(JSON.parse(sound.stdout).blocks.images).toBe(6);
  const planted = await run('--violations', '1', '--without', 'checkpoint-data');
  expect(planted).toMatchObject({ code: 1 });
});
