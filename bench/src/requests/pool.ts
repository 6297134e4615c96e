import { rmSync } from 'node:fs';
import { mkdir, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { onExit } from '../cli/exit-cleanup.ts';
import { REPOSITORY } from '../server/commands.ts';

/** A file of prepared request bodies, one a line, each with a key of its own, every second one with a certificate. */
export interface RequestPool {
  readonly path: string;
  readonly size: number;
}

const FOLDER = join(REPOSITORY, 'bench', 'data', 'requests');
const WORKERS = 2;

/**
 * Finds a pool of at least `size` requests on disk, or makes one (about 150 microseconds of CPU a request).
 * `report` is told how far it is, a few times a second at most.
 */
export async function requestPool(size: number, report: (done: number) => void): Promise<RequestPool> {
  await mkdir(FOLDER, { recursive: true });
  const existing = (await readdir(FOLDER))
    .map((name) => Number(/^entries-(\d+)\.jsonl$/.exec(name)?.[1] ?? 0))
    .filter((count) => count >= size)
    .sort((a, b) => a - b)[0];
  if (existing !== undefined) return { path: poolPath(existing), size: existing };
  await generate(size, report);
  return { path: poolPath(size), size };
}

function poolPath(size: number): string {
  return join(FOLDER, `entries-${size}.jsonl`);
}

async function generate(size: number, report: (done: number) => void): Promise<void> {
  const partial = `${poolPath(size)}.partial-${process.pid}`;
  const file = await open(partial, 'w');
  const forget = onExit(() => rmSync(partial, { force: true }));
  try {
    let done = 0;
    let writes: Promise<unknown> = Promise.resolve();
    const shares = Array.from({ length: WORKERS }, (_, i) => Math.floor((size + i) / WORKERS));
    await Promise.all(
      shares.map((share) =>
        runWorker(share, (lines, count) => {
          writes = writes.then(() => file.write(lines));
          done += count;
          report(done);
        }),
      ),
    );
    await writes;
  } finally {
    await file.close();
  }
  await rename(partial, poolPath(size));
  forget();
}

function runWorker(count: number, onLines: (lines: string, count: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./pool-worker.ts', import.meta.url), { workerData: { count } });
    worker.on('message', (batch: { lines: string; count: number }) => onLines(batch.lines, batch.count));
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`request maker ended with ${code}`))));
  });
}
