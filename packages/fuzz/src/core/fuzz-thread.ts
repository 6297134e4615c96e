import { runThread } from '../command/fuzz-thread.ts';
import { allTargets } from './all-targets.ts';

await runThread(allTargets());
