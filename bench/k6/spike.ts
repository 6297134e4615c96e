import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { commonOptions, rateKept, thresholds } from './measure/measure.ts';
import { postEntry } from './measure/post-entry.ts';
import { readSettings } from './settings/read-settings.ts';
import { lineOf, requestLines } from './settings/request-lines.ts';

export { handleSummary } from './measure/summary.ts';

const settings = readSettings();
const lines = requestLines(settings);
const base = Math.max(1, Math.round(settings.rate / 10));
const seconds = (share: number): string => `${Math.max(1, Math.round(settings.seconds * share))}s`;

/** A tenth of the rate, then at once all of it, then a tenth again. */
export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    spike: {
      executor: 'ramping-arrival-rate',
      exec: 'write',
      startRate: base,
      timeUnit: '1s',
      stages: [
        { duration: seconds(0.35), target: base },
        { duration: '0s', target: settings.rate },
        { duration: seconds(0.3), target: settings.rate },
        { duration: '0s', target: base },
        { duration: seconds(0.35), target: base },
      ],
      preAllocatedVUs: settings.vus,
      gracefulStop: '30s',
    },
  },
  thresholds: { ...thresholds('write', settings.limits), ...rateKept(settings.count) },
};

export function write(): void {
  postEntry(settings.url, lineOf(lines, exec.scenario.iterationInTest), 'write', [201]);
}
