import { describe, test } from 'vitest';
import { playInMemory } from '../stage/memory-stage.ts';
import { followerStalled } from './follower-stalled.ts';
import { forgottenWaiter } from './forgotten-waiter.ts';

describe.each([forgottenWaiter, followerStalled])('$name', ({ scenarios }) => {
  for (const [what, scenario] of Object.entries(scenarios)) {
    test.each([0, 1100])(`${what} (checkpoints %i ms apart)`, (minIntervalMs) => playInMemory(scenario, minIntervalMs));
  }
});
