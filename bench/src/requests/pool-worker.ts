import { parentPort, workerData } from 'node:worker_threads';
import { EntryMaker, entryJson } from './entry-request.ts';

// A worker thread of pool.ts: makes `count` requests and posts them in batches of lines.
const BATCH = 1_000;
const { count } = workerData as { count: number };
const maker = new EntryMaker(new Date());

for (let made = 0; made < count; ) {
  const batch = Math.min(BATCH, count - made);
  let lines = '';
  for (let i = 0; i < batch; i++) lines += `${entryJson(maker.make(i % 2 === 1))}\n`;
  parentPort?.postMessage({ lines, count: batch });
  made += batch;
}
