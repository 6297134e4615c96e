import { SharedArray } from 'k6/data';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import type { Options } from 'k6/options';
import type { BadRequest } from '../src/scenarios/settings.ts';
import { commonOptions, rateKept, thresholds } from './measure/measure.ts';
import { postEntry } from './measure/post-entry.ts';
import { readSettings } from './settings/read-settings.ts';
import { lineOf, requestLines } from './settings/request-lines.ts';

export { handleSummary } from './measure/summary.ts';

const settings = readSettings();
const lines = requestLines(settings);
const refused = new SharedArray('refused', () => JSON.parse(open(settings.refused)) as BadRequest[]);
const { rate, seconds, vus } = settings;

/** Every third request is one that no log takes; the others must not feel it. */
const BAD_EVERY = 3;

export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    bad: {
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
  const iteration = exec.scenario.iterationInTest;
  const turn = Math.floor(iteration / BAD_EVERY);
  const bad = iteration % BAD_EVERY === 0 ? refused[turn % refused.length] : undefined;
  if (bad === undefined) postEntry(settings.url, lineOf(lines, iteration - turn - 1), 'write', [201]);
  else postEntry(settings.url, encoding.b64decode(bad.body), 'bad', [bad.status]);
}
