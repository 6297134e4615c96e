// A verify worker: takes batches of requests from its parent, gives back canonical entries.
import { parentPort, workerData } from 'node:worker_threads';
import { chooseEcdsaBackend } from '../verify/ecdsa/choose-backend.ts';
import { toldBackend } from '../verify/ecdsa/told-backend.ts';
import { createVerifySignature } from '../verify/verify-signature.ts';
import type { RequestBatch, WorkerReady, WorkerSetup } from './messages.ts';
import { prepareBatch } from './prepare-batch.ts';

if (parentPort === null) throw new Error('this file runs as a worker thread of the server');
const port = parentPort;
const { rules } = workerData as WorkerSetup;
const chosen = await chooseEcdsaBackend();
const verify = createVerifySignature(chosen.backend);

port.on('message', (batch: RequestBatch) => {
  const results = prepareBatch(batch, rules, verify);
  port.postMessage(results, [results.bytes.buffer]);
});
const ready: WorkerReady = { type: 'ready', ...toldBackend(chosen) };
port.postMessage(ready);
