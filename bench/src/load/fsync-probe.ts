import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { percentile } from './percentile.ts';

/** How the disk syncs right now. */
export interface FsyncProbe {
  /** Milliseconds of one 4 KiB append with fdatasync. */
  readonly p50: number;
  readonly p99: number;
  /** True when p99 is over 5 ms: figures of the run beside it then say more about the disk than about the server. */
  readonly noisy: boolean;
}

const NOISY_MS = 5;

/** Appends 4 KiB and syncs, over and over, for `ms` in `directory`; leaves nothing behind. */
export async function probeFsync(directory: string, ms = 2_000): Promise<FsyncProbe> {
  const path = join(directory, 'fdatasync-probe');
  const file = await open(path, 'w');
  const block = Buffer.alloc(4096, 0x5a);
  const times: number[] = [];
  const end = performance.now() + ms;
  try {
    for (let now = performance.now(); now < end; ) {
      await file.write(block);
      await file.datasync();
      const later = performance.now();
      times.push(later - now);
      now = later;
    }
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
  const p99 = percentile(times, 0.99);
  return { p50: percentile(times, 0.5), p99, noisy: p99 > NOISY_MS };
}
