import { runThread } from '@tilewright/fuzz/command';
import { allTargets } from './all-targets.ts';

await runThread(allTargets());
