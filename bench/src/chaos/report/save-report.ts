import { writeFileSync } from 'node:fs';
import type { RunRecord } from '../state/run-record.ts';
import { describeReport } from './describe-report.ts';
import { type ChaosReport, mergeRuns } from './merge-runs.ts';

/** Writes all runs as one report, `<stem>.json` and `<stem>.md`, whichever of them `file` names. */
export function saveReport(file: string, runs: readonly RunRecord[]): ChaosReport {
  const stem = file.replace(/\.(json|md)$/, '');
  const report = mergeRuns(runs);
  writeFileSync(`${stem}.json`, `${JSON.stringify(report, undefined, 1)}\n`);
  writeFileSync(`${stem}.md`, describeReport(report));
  return report;
}
