// The real front end, which dies or hangs when a file of that name appears beside the log.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';

/** Whether the file was there: of several threads, one gets it. */
function got(name: string): boolean {
  try {
    rmSync(join(workerData.reading.directory, name));
    return true;
  } catch {
    return false;
  }
}

if (got('stillborn')) throw new Error('it was never alive');
setInterval(() => {
  if (got('die')) throw new Error('it died as it was told to');
  if (got('hang')) for (;;);
}, 10);
await import('../src/front-end/front-end-worker.ts');
