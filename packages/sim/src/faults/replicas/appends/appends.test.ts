import { describe, test } from 'vitest';
import { playInMemory } from '../stage/memory-stage.ts';
import { commitAppliesAfterResolveRead } from './commit-applies-after-resolve-read.ts';
import { freezeVersusAppend } from './freeze-versus-append.ts';
import { lostWakeUp } from './lost-wake-up.ts';
import { tokenRowIntegratedFirst } from './token-row-integrated-first.ts';
import { unknownOutcomeThenRetry } from './unknown-outcome-then-retry.ts';

const FAULTS = [
  commitAppliesAfterResolveRead,
  tokenRowIntegratedFirst,
  unknownOutcomeThenRetry,
  freezeVersusAppend,
  lostWakeUp,
];

describe.each(FAULTS)('$name', ({ scenarios }) => {
  for (const [what, scenario] of Object.entries(scenarios)) {
    test.each([0, 1100])(`${what} (checkpoints %i ms apart)`, (minIntervalMs) => playInMemory(scenario, minIntervalMs));
  }
});
