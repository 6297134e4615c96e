import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import { expect, onTestFinished, test } from 'vitest';
import { makeWorkspaceDir } from '../server/workspace-dir.ts';
import { grow, measureAtSize } from './at-size.ts';
import { sizeTable, throughputTable } from './engine-report.ts';
import { runSizes } from './run-sizes.ts';
import { measureThroughput } from './throughput.ts';

function place(store: 'posix' | 'memory') {
  const directory = mkdtempSync(join(tmpdir(), 'tilewright-engine-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return { store, directory: join(directory, 'log'), keyPem: generateEd25519KeyPem(), origin: 'bench.test' } as const;
}

test('entries are added for a time, and counted when they are published', async () => {
  const task = { ...place('memory'), entryBytes: 64, aCall: 8, inFlight: 64, warmUpSeconds: 0.05, seconds: 0.2 };
  const figures = await measureThroughput(task);
  expect(figures.rate).toBeGreaterThan(10);
  expect(figures.cpuMicroseconds).toBeGreaterThan(0);
});

test('a log on disk is taken to a size, and opened and measured there', async () => {
  const task = { ...place('posix'), entryBytes: 64, size: 640, measured: 256 };
  expect(await grow(task, () => undefined)).toBe(640);
  const figures = await measureAtSize(task);
  expect(figures.entries).toBe(640);
  expect(figures.peakMiB).toBeGreaterThanOrEqual(figures.openMiB);
});

test('the table of sizes: grown, opened, measured, checked by log fsck', async () => {
  const workspace = await makeWorkspaceDir();
  onTestFinished(() => workspace.remove());
  const [row] = await runSizes(workspace, 1000, () => undefined, false);
  expect(row?.entries).toBeGreaterThanOrEqual(1000);
  expect(row?.warmFsckSeconds).toBeGreaterThan(0);
}, 60_000);

test('a missed target is said, and counts', () => {
  const figures = { rate: 30_000, cpuMicroseconds: 20, residentMiB: 100 };
  const row = { store: 'memory', entryBytes: 1024, aCall: 64, inFlight: 4096, figures } as const;
  expect(throughputTable([{ ...row, target: 60_000 }])).toMatchObject({ met: false });
  expect(throughputTable([{ ...row, target: 20_000 }])).toMatchObject({ met: true });
  const size = {
    openMs: 1,
    openMiB: 1,
    peakMiB: 100,
    rate: 1,
    warmFsckSeconds: 1,
    coldFsckSeconds: undefined,
    coldOpenMs: undefined,
  };
  const [small, large] = [1000, 10_000].map((entries) => ({ ...size, entries, cpuMicroseconds: 10 }));
  if (small === undefined || large === undefined) throw new Error('two rows');
  expect(sizeTable([small, large]).met).toBe(true);
  expect(sizeTable([small, { ...large, cpuMicroseconds: 12 }]).met).toBe(false);
  expect(sizeTable([small, { ...large, peakMiB: 351 }]).lines.at(-2)).toContain('MISSED');
});
