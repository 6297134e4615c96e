import { expect, test } from 'vitest';
import { runTarget } from '../run/run-target.ts';
import { allTargets } from './all-targets.ts';

const SEED = 7;
/** A run of a million reaches every check, and measures more. */
const FEW = 2_000;
const MEDIUM = 1024 * 1024;
/** Milliseconds: ten times what any takes, and less than one that looks at all of the input for each of its bytes. */
const SLOW_MS = 3_000;

test.each(allTargets().map((target) => [target.name, target] as const))(
  '%s',
  async (_, target) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const report = await runTarget(target, { seed: SEED, inputs: FEW });
    Error.stackTraceLimit = stackTraceLimit;
    expect(report.violation).toBeUndefined();
    expect(report.kinds.damaged).toBeGreaterThan(0.9 * FEW);
    expect(report.unreached.length).toBeLessThan(target.reaches.length);
  },
  30_000,
);

const growths = allTargets().flatMap(({ name, growth = [] }) => growth.map((one) => [name, one.name, one] as const));

test.each(growths)('%s: %s of a megabyte', (_, __, { most, make }) => {
  const work = make(Math.min(most, MEDIUM));
  const started = performance.now();
  work();
  expect(performance.now() - started).toBeLessThan(SLOW_MS);
});
