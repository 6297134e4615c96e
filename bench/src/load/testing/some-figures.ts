import type { RunFigures } from '../run-figures.ts';

/** Figures of a quiet run, for tests. */
export function someFigures(more: Partial<RunFigures> = {}): RunFigures {
  return {
    rate: 100,
    p50: 10,
    p95: 15,
    p99: 20,
    cpuPerThousand: 0.5,
    mainThreadMicroseconds: 20,
    peakMiB: 100,
    failures: 0,
    failureKinds: {},
    pushedBack: 0,
    disk: { p50: 0.2, p99: 1, noisy: false },
    generatorCores: 0.2,
    othersCores: 0,
    ...more,
  };
}
