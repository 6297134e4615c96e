import type { Faults } from './faulty-store.ts';
import type { Plan } from './workload.ts';

const NO_FAULTS: Faults = { unknown: 0, housekeeping: 0, fatal: 0, full: 0, deaf: 0 };
const TROUBLE: Faults = { unknown: 0.05, housekeeping: 0.05, fatal: 0, full: 0.004, deaf: 0.3 };
const CALM: Plan = {
  replicas: 1,
  clients: 16,
  submissions: 30,
  entries: 1200,
  faults: NO_FAULTS,
  restarts: 0,
  dedupe: true,
  minIntervalMs: 0,
  limits: {
    retry: { firstMs: 2, lastMs: 50 },
    collectIntervalMs: 30,
    dedupe: { maxLag: 200, batch: 40, intervalMs: 10, recent: 20 },
    lateAfterMs: 5000,
  },
};

const CRASHING: Plan = {
  ...CALM,
  replicas: 3,
  submissions: 60,
  faults: { ...TROUBLE, fatal: 0.002 },
  restarts: 0.03,
};

const TIGHT: Plan['limits'] = {
  ...CALM.limits,
  batch: { maxEntries: 5, maxBytes: 60 },
  step: { maxEntries: 7, maxBytes: 100 },
  outstanding: { maxEntries: 12, maxBytes: 150 },
  appendsInFlight: 3,
};

/** Every course of events that the engine is sent through. */
export const PLANS: Readonly<Record<string, Plan>> = {
  'one process, nothing wrong': CALM,
  'one process in trouble': { ...CALM, faults: TROUBLE },
  'one process, tight limits, in trouble': { ...CALM, faults: TROUBLE, limits: TIGHT },
  'one process that crashes': { ...CALM, submissions: 70, faults: { ...TROUBLE, fatal: 0.003 }, restarts: 0.02 },
  'few entries, over and over, restarted': { ...CALM, entries: 25, faults: TROUBLE, restarts: 0.03 },
  'two replicas': { ...CALM, replicas: 2 },
  'three replicas in trouble': { ...CALM, replicas: 3, faults: TROUBLE },
  'three replicas that crash': CRASHING,
  'three replicas that crash, low tiles': { ...CRASHING, limits: { ...TIGHT, tileHeight: 1 } },
  'one process that crashes, low tiles': { ...CRASHING, replicas: 1, limits: { ...CALM.limits, tileHeight: 2 } },
  'two replicas, tight limits, restarted': { ...CALM, replicas: 2, faults: TROUBLE, restarts: 0.02, limits: TIGHT },
  'two replicas on a slow medium': {
    ...CALM,
    replicas: 2,
    submissions: 15,
    faults: TROUBLE,
    restarts: 0.005,
    minIntervalMs: 1100,
  },
  'two replicas without a dedupe index': { ...CALM, replicas: 2, entries: 400, faults: TROUBLE, dedupe: false },
  'frozen midway, restarted': {
    ...CALM,
    replicas: 2,
    submissions: 30,
    faults: TROUBLE,
    restarts: 0.02,
    freezeAfterMs: 500,
  },
};
