import { Rate, Trend } from 'k6/metrics';
import type { Options, Threshold } from 'k6/options';
import type { Limits, Settings } from '../../src/scenarios/settings.ts';

/** What was asked for: each has latencies of its own. */
export type Request = 'write' | 'repeat' | 'bad' | 'read';

// These names are what the report looks for in k6's time series.
const answers = new Trend('answer_ms', true);
const failures = new Rate('failed');

/** Notes one answer: what it was, how long it took, and whether it is the one that should have come. */
export function record(request: Request, answer: string, ms: number, isExpected: boolean): void {
  answers.add(ms, { request, answer, expected: isExpected ? 'yes' : 'no' });
  failures.add(!isExpected);
}

/** Bounds of latency for the kind of request that the scenario is about, and of answers that should not be. */
export function thresholds(request: Request, { p95, p99, failed }: Limits): Record<string, Threshold[]> {
  return {
    [`answer_ms{request:${request}}`]: [`p(95)<=${p95}`, `p(99)<=${p99}`],
    failed: [`rate<=${failed}`],
  };
}

/** More iterations than this share of the planned ones dropped break a scenario with a rate. */
const DROPPED_SHARE = 0.01;

/** The bound of a scenario with a rate: iterations that found no free virtual user. */
export function rateKept(planned: number): Record<string, Threshold[]> {
  return { dropped_iterations: [`count<=${Math.ceil(planned * DROPPED_SHARE)}`] };
}

/** What all scripts share. Bodies are not kept: their bytes would be copied into JavaScript for nothing. */
export function commonOptions({ hosts }: Settings): Options {
  return {
    discardResponseBodies: true,
    hosts,
    // A server that was agreed on must not send the load elsewhere.
    maxRedirects: 0,
    systemTags: ['scenario'],
    summaryTrendStats: ['min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'],
    userAgent: 'tilewright-load',
  };
}
