import type { Verdict } from './k6/read-verdicts.ts';
import type { CpuSample } from './measure/cpu-watch.ts';
import type { GeneratorLoad } from './measure/generator.ts';
import type { Series } from './measure/series.ts';
import type { LoadSize } from './scenario.ts';

/** What a run was, and what came of it: `--json` prints it as it is. */
export interface LoadResult {
  readonly scenario: string;
  readonly about: string;
  /** The log that was loaded; `isOurs` when the run started a server on a log of its own. */
  readonly target: { readonly url: string; readonly isOurs: boolean };
  readonly startedAt: string;
  readonly size: LoadSize;
  /** Iterations at most. */
  readonly count: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly requests: number;
  /** Answers as they should be, a second. */
  readonly perSecond: number;
  /** Whether `count` was reached before the time was over. */
  readonly areRequestsUsedUp: boolean;
  readonly series: Series;
  readonly verdicts: readonly Verdict[];
  readonly generator: GeneratorLoad;
  readonly cpu: readonly CpuSample[];
  /** Whether every threshold held. */
  readonly ok: boolean;
}
