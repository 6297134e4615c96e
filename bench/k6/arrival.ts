import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { commonOptions, rateKept, thresholds } from './measure/measure.ts';
import { postEntry } from './measure/post-entry.ts';
import { readSettings } from './settings/read-settings.ts';
import { lineOf, requestLines } from './settings/request-lines.ts';

export { handleSummary } from './measure/summary.ts';

const settings = readSettings();
const lines = requestLines(settings);
const { rate, seconds, vus } = settings;

/** Writes come at a constant rate, whether or not the ones before are answered. `soak.ts` is the same for long. */
export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    arrival: {
      executor: 'constant-arrival-rate',
      exec: 'write',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: vus,
      gracefulStop: '30s',
    },
  },
  thresholds: { ...thresholds('write', settings.limits), ...rateKept(rate * seconds) },
};

export function write(): void {
  postEntry(settings.url, lineOf(lines, exec.scenario.iterationInTest), 'write', [201]);
}
