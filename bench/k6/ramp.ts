import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { commonOptions, thresholds } from './measure/measure.ts';
import { postEntry } from './measure/post-entry.ts';
import { readSettings } from './settings/read-settings.ts';
import { lineOf, requestLines } from './settings/request-lines.ts';

export { handleSummary } from './measure/summary.ts';

const settings = readSettings();
const lines = requestLines(settings);
const seconds = (share: number): string => `${Math.max(1, Math.round(settings.seconds * share))}s`;

/** The steps of Rekor's own load test: 5, 20 and 100 virtual users, each with one request under way at all times. */
const [FEW, SOME] = [5, 20];

export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    ramp: {
      executor: 'ramping-vus',
      exec: 'write',
      startVUs: FEW,
      stages: [
        { duration: seconds(0.25), target: FEW },
        { duration: seconds(0.1), target: SOME },
        { duration: seconds(0.25), target: SOME },
        { duration: seconds(0.1), target: settings.vus },
        { duration: seconds(0.3), target: settings.vus },
      ],
      gracefulStop: '30s',
    },
  },
  thresholds: thresholds('write', settings.limits),
};

export function write(): void {
  postEntry(settings.url, lineOf(lines, exec.scenario.iterationInTest), 'write', [201]);
}
