import exec from 'k6/execution';
import type { Options } from 'k6/options';
import { commonOptions, thresholds } from './measure/measure.ts';
import { postEntry } from './measure/post-entry.ts';
import { readSettings } from './settings/read-settings.ts';
import { lineOf, requestLines } from './settings/request-lines.ts';

export { handleSummary } from './measure/summary.ts';

const settings = readSettings();
const lines = requestLines(settings);
const { seconds, vus } = settings;

/** Every second request was sent before: either just now, so that both are under way together, or some time ago. */
export const options: Options = {
  ...commonOptions(settings),
  scenarios: {
    duplicates: {
      executor: 'constant-vus',
      exec: 'write',
      vus,
      duration: `${seconds}s`,
      gracefulStop: '30s',
    },
  },
  thresholds: thresholds('write', settings.limits),
};

export function write(): void {
  const iteration = exec.scenario.iterationInTest;
  const turn = Math.floor(iteration / 2);
  // Each user has one request under way: what began more than `vus` iterations ago is answered.
  const isOld = turn % 2 === 1 && turn >= vus;
  if (iteration % 2 === 0) postEntry(settings.url, lineOf(lines, turn), 'write', [201, 409]);
  else postEntry(settings.url, lineOf(lines, isOld ? turn - vus : turn), 'repeat', isOld ? [409] : [201, 409]);
}
