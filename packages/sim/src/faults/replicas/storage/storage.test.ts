import { describe, test } from 'vitest';
import { playInMemory } from '../stage/memory-stage.ts';
import { conflictThenNothing } from './412-then-404.ts';
import { bucketEmptied } from './bucket-emptied.ts';
import { gcVersusSlowIntegrator } from './gc-versus-slow-integrator.ts';
import { restoredDatabase } from './restored-database.ts';
import { rollingUpgradeTwoVersions } from './rolling-upgrade-two-versions.ts';
import { seqDeletedMidRead } from './seq-deleted-mid-read.ts';

const FAULTS = [
  restoredDatabase,
  bucketEmptied,
  conflictThenNothing,
  seqDeletedMidRead,
  gcVersusSlowIntegrator,
  rollingUpgradeTwoVersions,
];

describe.each(FAULTS)('$name', ({ scenarios }) => {
  for (const [what, scenario] of Object.entries(scenarios)) {
    test.each([0, 1100])(`${what} (checkpoints %i ms apart)`, (minIntervalMs) => playInMemory(scenario, minIntervalMs));
  }
});
