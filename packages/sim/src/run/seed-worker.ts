import { parentPort } from 'node:worker_threads';
import { runSeeds, type SeedRange } from './run-seeds.ts';

// A thread that runs whatever range of seeds it is handed, and hands back what came of it.
parentPort?.on('message', (range: SeedRange) => {
  void runSeeds(range).then((results) => parentPort?.postMessage(results));
});
