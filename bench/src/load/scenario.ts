/** One row of the benchmark: so many writers, each with one submission under way. */
export interface Scenario {
  readonly writers: number;
  /** Distinct requests that one run can use up at the rates seen so far, with room to spare. */
  readonly requests: number;
  /** What the issue asks of ours, against the peer's figure of the same run. */
  readonly targets: readonly Target[];
}

/** One figure to reach. */
export type Target =
  | { readonly kind: 'p50-at-most'; readonly ms: number }
  | { readonly kind: 'p99-at-most'; readonly ms: number }
  | { readonly kind: 'rate-times-peer'; readonly times: number }
  | { readonly kind: 'cpu-at-most'; readonly secondsPerThousand: number };

/** The rows that the project is held to. */
export const SCENARIOS: readonly Scenario[] = [
  { writers: 1, requests: 40_000, targets: [{ kind: 'p50-at-most', ms: 30 }] },
  { writers: 64, requests: 240_000, targets: [{ kind: 'rate-times-peer', times: 25 }] },
  {
    writers: 512,
    requests: 420_000,
    targets: [
      { kind: 'rate-times-peer', times: 10 },
      { kind: 'p99-at-most', ms: 250 },
      { kind: 'cpu-at-most', secondsPerThousand: 0.35 },
    ],
  },
];

/** More writers than anyone asked for: `--many`. */
export const MANY_WRITERS: Scenario = { writers: 2_048, requests: 420_000, targets: [] };
