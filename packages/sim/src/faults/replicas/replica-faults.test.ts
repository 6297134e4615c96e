import { describe, expect, test } from 'vitest';
import { REPLICA_FAULTS } from './replica-faults.ts';
import { playInMemory } from './stage/memory-stage.ts';

describe.each(REPLICA_FAULTS)('$name', ({ scenarios, needsPause }) => {
  for (const [what, scenario] of Object.entries(scenarios)) {
    for (const minIntervalMs of needsPause ? [1100] : [0, 1100])
      test(`${what} (checkpoints ${minIntervalMs} ms apart)`, () => playInMemory(scenario, minIntervalMs));
  }
});

test('each fault has a name of its own, and something to show', () => {
  expect(new Set(REPLICA_FAULTS.map(({ name }) => name)).size).toBe(REPLICA_FAULTS.length);
  for (const { scenarios } of REPLICA_FAULTS) expect(Object.keys(scenarios).length).toBeGreaterThan(0);
});
