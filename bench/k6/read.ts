import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import type { ReadPath } from '../src/scenarios/settings.ts';
import { answerKind } from './measure/answer-kind.ts';
import { commonOptions, rateKept, record, thresholds } from './measure/measure.ts';
import { readSettings } from './settings/read-settings.ts';

export { handleSummary } from './measure/summary.ts';

const settings = readSettings();
const paths = new SharedArray('paths', () => JSON.parse(open(settings.paths)) as ReadPath[]);
const { count, rate, seconds, vus } = settings;

export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    read: {
      executor: 'constant-arrival-rate',
      exec: 'read',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: vus,
      gracefulStop: '30s',
    },
  },
  thresholds: { ...thresholds('read', settings.limits), ...rateKept(rate * seconds) },
};

/** The list is in the order of a turn, so that each kind has its share. */
export function read(): void {
  const iteration = exec.scenario.iterationInTest;
  if (iteration >= count) exec.test.abort(`${count} reads are made`);
  const file = paths[iteration % paths.length];
  if (file === undefined) return;
  const response = http.get(`${settings.url}${file.path}`, { timeout: '30s' });
  // A partial tile may go when the log has grown past it (tlog-tiles, Partial Tiles).
  if (response.status === 404 && file.full !== undefined) {
    const full = http.get(`${settings.url}${file.full}`, { timeout: '30s' });
    record('read', `${file.kind} ${answerKind(full)}`, full.timings.duration, full.status === 200);
  } else record('read', `${file.kind} ${answerKind(response)}`, response.timings.duration, response.status === 200);
}
