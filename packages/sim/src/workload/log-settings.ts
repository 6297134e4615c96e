import { DEFAULT_LOG_OPTIONS, type LogOptions } from '@tilewright/log';
import type { Chooser } from '../choice/chooser.ts';

const QUICK: LogOptions = {
  ...DEFAULT_LOG_OPTIONS,
  cosign: { againMs: 400, lackingMs: 100 },
  collectIntervalMs: 100,
  retry: { firstMs: 2, lastMs: 50 },
  dedupe: { maxLag: 200, batch: 40, intervalMs: 10, recent: 20 },
};

/** Every limit within reach of a few entries. */
const TIGHT: LogOptions = {
  ...QUICK,
  batch: { maxEntries: 2, maxBytes: 24 },
  step: { maxEntries: 3, maxBytes: 40 },
  outstanding: { maxEntries: 6, maxBytes: 80 },
  dedupe: { maxLag: 6, batch: 2, intervalMs: 10, recent: 2 },
};

/** Settings of the engine: tile height and batch size are such that a history of a few entries meets every boundary. */
export function chooseSettings(chooser: Chooser, appendsInFlight: number): LogOptions {
  const tight = chooser.pick('workload', 2, 0.5) === 1;
  const tileHeight = 1 + chooser.pick('workload', 2, 0.6);
  return { ...(tight ? TIGHT : QUICK), tileHeight, appendsInFlight };
}
