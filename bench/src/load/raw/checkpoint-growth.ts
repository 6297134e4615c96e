import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How large a log was, and when that was seen. */
export interface SizeSeen {
  readonly size: number;
  /** Milliseconds of a monotonic clock. */
  readonly at: number;
}

const POLL_MS = 5;
const PATIENCE_MS = 10_000;

/** Size of the published tree: the second line of the checkpoint in a log's directory (C2SP tlog-checkpoint). */
export async function publishedSize(directory: string): Promise<number> {
  const note = await readFile(join(directory, 'checkpoint'), 'utf8');
  const line = note.split('\n')[1] ?? '';
  if (!/^\d{1,15}$/.test(line)) throw new Error(`the checkpoint in ${directory} has no size`);
  return Number(line);
}

/**
 * Waits for the next checkpoint that is larger than the current one. From one such moment to another every entry
 * counts that was published in between and none else, however rarely checkpoints come.
 * @throws Error when none comes in ten seconds
 */
export async function nextGrowth(directory: string): Promise<SizeSeen> {
  const from = await publishedSize(directory);
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const size = await publishedSize(directory);
    const at = performance.now();
    if (size > from) return { size, at };
    if (at > deadline) throw new Error(`the log did not grow in ${PATIENCE_MS / 1_000} s under load`);
    await sleep(POLL_MS);
  }
}
