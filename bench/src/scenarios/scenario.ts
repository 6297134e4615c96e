import type { Limits } from './settings.ts';

/** Names of the scenarios; each is a script of `bench/k6`. */
export type ScenarioName = 'ramp' | 'arrival' | 'spike' | 'soak' | 'duplicates' | 'bad' | 'read' | 'grpc';

/** What can be set about the load of a run. */
export interface LoadSize {
  readonly seconds: number;
  /** Iterations a second; without a meaning where virtual users send one request after another. */
  readonly rate: number;
  readonly vus: number;
}

/** One scenario: what it is, and what it does when nothing is said. */
export interface LoadScenario {
  readonly name: ScenarioName;
  readonly about: string;
  /** Whether iterations come at a rate, or each virtual user begins one when its last is over. */
  readonly hasRate: boolean;
  readonly request: 'write' | 'read';
  readonly size: LoadSize;
  readonly limits: Limits;
  /** Iterations that it makes at a rate, or may make at most. */
  readonly iterations: (size: LoadSize) => number;
}

/** No run makes more: each request is signed before it, and each answer is a line of the time series. */
export const MOST_ITERATIONS = 200_000;
/** More than a lone machine of today answers to k6 beside it. */
const MOST_A_SECOND = 3_000;

const WRITE_LIMITS: Limits = { p95: 1_000, p99: 2_000, failed: 0.01 };
/** With a second's more, so that the end of the time is what ends it. */
const atRate = ({ rate, seconds }: LoadSize): number => rate * (seconds + 1);
const unbounded = ({ seconds }: LoadSize): number => seconds * MOST_A_SECOND;

function closed(name: ScenarioName, about: string, size: Omit<LoadSize, 'rate'>): LoadScenario {
  const rest = { hasRate: false, request: 'write', limits: WRITE_LIMITS, iterations: unbounded } as const;
  return { name, about, size: { ...size, rate: 0 }, ...rest };
}

function open(name: ScenarioName, about: string, size: LoadSize): LoadScenario {
  return { name, about, size, hasRate: true, request: 'write', limits: WRITE_LIMITS, iterations: atRate };
}

/** All scenarios, as `--help` lists them. */
export const SCENARIOS: readonly LoadScenario[] = [
  closed('ramp', 'virtual users 5, then 20, then 100, each with one write under way', { seconds: 30, vus: 100 }),
  open('arrival', 'writes at a constant rate, whatever the answers', { seconds: 30, rate: 200, vus: 200 }),
  {
    ...open('spike', 'a tenth of the rate, at once all of it, a tenth again', { seconds: 30, rate: 600, vus: 600 }),
    // Three tenths of the time at the full rate, the rest at a tenth; each stage is a whole second at least.
    iterations: ({ rate, seconds }) =>
      rate * (1 + Math.max(1, Math.round(seconds * 0.3))) + Math.ceil(rate / 10) * seconds,
  },
  open('soak', 'arrival for ten minutes', { seconds: 600, rate: 50, vus: 100 }),
  closed('duplicates', 'every second write was sent before', { seconds: 20, vus: 32 }),
  open('bad', 'every third request is one that no log takes', { seconds: 20, rate: 200, vus: 200 }),
  {
    ...open('read', 'checkpoint, tiles, entry bundles, partial tiles', { seconds: 20, rate: 500, vus: 200 }),
    request: 'read',
    limits: { p95: 250, p99: 1_000, failed: 0 },
  },
  closed('grpc', 'writes over gRPC, each virtual user on a connection of its own', { seconds: 20, vus: 32 }),
];
