import { describe, test } from 'vitest';
import { playInMemory } from '../stage/memory-stage.ts';
import { ownPutReportedLost } from './412-after-own-put.ts';
import { proofThatCannotBeRead } from './proof-that-cannot-be-read.ts';
import { replicasQueueForOneSlot } from './replicas-queue-for-one-slot.ts';
import { republishAfterFreeze } from './republish-after-freeze.ts';
import { stalledPublisherRefreshesGeneration } from './stalled-publisher-refreshes-generation.ts';
import { twoPublishersSplitQuorum } from './two-publishers-split-quorum.ts';
import { witnessAheadAfterCrash } from './witness-ahead-after-crash.ts';

const FAULTS = [
  ownPutReportedLost,
  stalledPublisherRefreshesGeneration,
  republishAfterFreeze,
  witnessAheadAfterCrash,
  twoPublishersSplitQuorum,
  proofThatCannotBeRead,
];

describe.each(FAULTS)('$name', ({ scenarios }) => {
  for (const [what, scenario] of Object.entries(scenarios)) {
    test.each([0, 1100])(`${what} (checkpoints %i ms apart)`, (minIntervalMs) => playInMemory(scenario, minIntervalMs));
  }
});

// Without a pause between two checkpoints nobody waits for a slot.
describe(replicasQueueForOneSlot.name, () => {
  for (const [what, scenario] of Object.entries(replicasQueueForOneSlot.scenarios))
    test(what, () => playInMemory(scenario, 1100));
});
