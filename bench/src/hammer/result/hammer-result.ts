import type { CheckCounts } from '../check/check-counts.ts';
import type { ViolationKind } from '../check/judge.ts';
import type { Ending } from '../load/stop.ts';
import type { LatencySummary } from '../measure/latency.ts';
import type { GeneratorLoad } from '../measure/own-load.ts';
import type { KindName } from '../target/log-kind.ts';

/** What a run saw: this is the JSON that the command prints. Times are milliseconds unless they say seconds. */
export interface HammerResult {
  /** Whether every check held. */
  readonly ok: boolean;
  readonly ended: Ending;
  readonly target: {
    readonly url: string;
    readonly kind: KindName;
    readonly origin: string;
    readonly sizeAtStart: number;
    readonly sizeAtEnd: number;
  };
  readonly load: {
    readonly writers: number;
    readonly randomReaders: number;
    readonly fullReaders: number;
    readonly leafSize: number | undefined;
  };
  /** From the first write of the load to the last answer that counts. */
  readonly seconds: number;
  readonly writes: {
    readonly accepted: number;
    readonly perSecond: number;
    readonly bytesPerSecond: number;
    readonly duplicates: number;
    readonly pushbacks: number;
    readonly errors: Readonly<Record<string, number>>;
    readonly latency: LatencySummary | undefined;
    /** From when a write was due, where there is a write rate. */
    readonly latencySinceDue: LatencySummary | undefined;
  };
  readonly integration: {
    /** From sending a write to reading the first checkpoint that covers it. */
    readonly latency: LatencySummary | undefined;
    /** From one reading of the checkpoint to the next: the above is known to this. */
    readonly checkpointReadEvery: LatencySummary | undefined;
  };
  readonly reads: {
    /** GETs of readers; those of the checks are not counted here. */
    readonly count: number;
    readonly perSecond: number;
    readonly bytesPerSecond: number;
    readonly pushbacks: number;
    readonly errors: Readonly<Record<string, number>>;
    readonly latency: LatencySummary | undefined;
  };
  readonly checks: CheckCounts;
  readonly generator: GeneratorLoad;
  readonly violations: readonly { readonly kind: ViolationKind; readonly message: string }[];
}
