import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { prepareBodies } from '../../hammer/target/prepare-bodies.ts';
import { requestPool } from '../../requests/pool.ts';

const POOL_STEP = 10_000;
const CHUNK = 1_000;

/**
 * Writes `count` request bodies to `path`, one a line. A log of our own is empty, and gets requests that are kept from
 * run to run; `areNew` has them signed anew, since the log may have seen the others.
 */
export async function writeRequests(
  path: string,
  count: number,
  areNew: boolean,
  report: (done: number) => void,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    if (areNew) {
      const bodies = await prepareBodies(count, report);
      for (let at = 0; at < bodies.length; at += CHUNK) await file.write(lines(bodies.slice(at, at + CHUNK)));
      return;
    }
    const pool = await requestPool(Math.ceil(count / POOL_STEP) * POOL_STEP, report);
    let chunk: string[] = [];
    let left = count;
    for await (const line of createInterface({ input: createReadStream(pool.path) })) {
      chunk.push(line);
      left -= 1;
      if (chunk.length === CHUNK || left === 0) {
        await file.write(lines(chunk));
        chunk = [];
      }
      if (left === 0) break;
    }
  } finally {
    await file.close();
  }
}

function lines(bodies: readonly string[]): string {
  return `${bodies.join('\n')}\n`;
}
