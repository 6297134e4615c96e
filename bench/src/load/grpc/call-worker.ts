import { parentPort, workerData } from 'node:worker_threads';
import { type CallLoad, loadByCalls } from './call-load.ts';
import { readMessages } from './read-messages.ts';

// A thread of its own, so that what measures does not wait behind what loads.
const load = workerData as CallLoad;
const messages = await readMessages(load.requests, load.count);
const result = await loadByCalls(load, messages, () => parentPort?.postMessage('measuring'));
parentPort?.postMessage(result);
