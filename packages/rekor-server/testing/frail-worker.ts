// A verify worker that dies of requests that say CRASH, throws for THROW, and never comes back from HANG.
import { parentPort, workerData } from 'node:worker_threads';
import type { RequestBatch } from '../src/worker/messages.ts';
import { prepareBatch } from '../src/worker/prepare-batch.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
port.on('message', (batch: RequestBatch) => {
  const text = Buffer.from(batch.bytes).toString('latin1');
  if (text.includes('CRASH')) process.exit(1);
  for (; text.includes('HANG'); );
  const results = prepareBatch(batch, workerData.rules, () => {
    throw new Error('the port threw');
  });
  port.postMessage(results, [results.bytes.buffer]);
});
port.postMessage({ type: 'ready', backend: 'portable', fallbackReason: 'frail' });
