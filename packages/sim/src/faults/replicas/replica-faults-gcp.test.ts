import {
  type GcsServer,
  NO_GCS_SERVER,
  NO_SPANNER_EMULATOR,
  type SpannerEmulator,
  skipsWithoutGcsServer,
  skipsWithoutSpannerEmulator,
  startGcsServer,
  startSpannerEmulator,
} from '@tilewright/store-gcp/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPLICA_FAULTS } from './replica-faults.ts';
import { sharedGcp } from './stage/gcp-stage.ts';

/** Scenarios that cannot be played here, by fault and name, and why. */
const NOT_HERE: Readonly<Record<string, string>> = {};

const HASTE = 4;
const TIMEOUT_MS = 60_000;

const isMissing = skipsWithoutGcsServer() || skipsWithoutSpannerEmulator();

describe.skipIf(isMissing)(`on emulators (where one is missing: ${NO_SPANNER_EMULATOR}; ${NO_GCS_SERVER})`, () => {
  let spanner: SpannerEmulator;
  let gcs: GcsServer;
  beforeAll(async () => {
    [spanner, gcs] = await Promise.all([startSpannerEmulator(), startGcsServer()]);
  });
  afterAll(async () => {
    await Promise.all([spanner?.stop(), gcs?.stop()]);
  });

  describe.concurrent.each(REPLICA_FAULTS)('$name', ({ name, scenarios, needsPause = false }) => {
    for (const [what, scenario] of Object.entries(scenarios)) {
      if (`${name}: ${what}` in NOT_HERE) continue;
      test(what, () => scenario(() => sharedGcp(spanner, gcs, needsPause, HASTE)), TIMEOUT_MS);
    }
  });
});

test('what is left out is there, and has a reason', () => {
  const all = REPLICA_FAULTS.flatMap(({ name, scenarios }) => Object.keys(scenarios).map((what) => `${name}: ${what}`));
  for (const [what, why] of Object.entries(NOT_HERE)) {
    expect(all).toContain(what);
    expect(why).not.toBe('');
  }
});
