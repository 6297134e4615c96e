import { Worker } from 'node:worker_threads';
import type { Task } from './worker.ts';

/**
 * Does tasks in `jobs` threads, in order of their beginning, until there is none left. `finished` is told of each result.
 */
export async function inThreads<T extends Task, R>(
  jobs: number,
  nextTask: () => T | undefined,
  finished: (task: T, result: R) => void,
): Promise<void> {
  const attend = async (): Promise<void> => {
    const resourceLimits = { maxYoungGenerationSizeMb: 64 };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits });
    try {
      for (let task = nextTask(); task !== undefined; task = nextTask()) finished(task, await ask<R>(worker, task));
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: jobs }, attend));
}

function ask<R>(worker: Worker, task: Task): Promise<R> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (result: R) => {
      worker.removeListener('error', reject);
      resolve(result);
    });
    worker.postMessage(task);
  });
}
