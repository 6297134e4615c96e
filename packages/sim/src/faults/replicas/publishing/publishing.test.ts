import { describe, test } from 'vitest';
import { playInMemory } from '../stage/memory-stage.ts';
import { replicasQueueForOneSlot } from './replicas-queue-for-one-slot.ts';

describe(replicasQueueForOneSlot.name, () => {
  for (const [what, scenario] of Object.entries(replicasQueueForOneSlot.scenarios))
    test(what, () => playInMemory(scenario, 1100));
});
