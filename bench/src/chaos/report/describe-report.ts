import { descriptorCount } from '../../soak/memory/measure.ts';
import type { RunRecord, WindowRecord } from '../state/run-record.ts';
import type { ChaosReport } from './merge-runs.ts';

const MIB = 2 ** 20;

/** The report for people: Markdown. */
export function describeReport(report: ChaosReport): string {
  const { host, restarts, counts, findings } = report;
  return [
    '# Chaos',
    '',
    `${dates(report.perRun)}; ${report.runs} ${report.runs === 1 ? 'run' : 'runs'}, ${report.minutes} minutes in all. ` +
      `**${findings.length === 0 ? 'Nothing lost, nothing broken.' : `${findings.length} findings.`}**`,
    '',
    host === undefined
      ? ''
      : `${host.cores} × ${host.processor}, ${host.memoryGib} GiB, ${host.system}, Node ${host.node}; the log on ${host.disk}.`,
    '',
    `${report.entries} entries in the log, ${report.acknowledged} indexes answered, ${report.checkpoints} checkpoints ` +
      `and ${report.paths} paths below tile/ kept and compared; ${total(counts.reads)} reads, ` +
      `${total(counts.badRequests)} bad requests, ${total(counts.malformed)} malformed exchanges, ` +
      `${total(counts.brokenOff)} clients that broke off.`,
    '',
    `${restarts.count} starts: ready after ${restarts.medianMs} ms (median), ${restarts.longestMs} ms (longest).`,
    '',
    ...findings.map((finding) => `- FOUND: ${finding.split('\n')[0]}`),
    ...Object.entries(report.notInjected).map(([kind, whyNot]) => `- NOT INJECTED: ${kind}: ${whyNot}`),
    '',
    '## Faults',
    '',
    '| fault | times | longest, ms | back after, ms: median | longest |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...report.faults.map(
      ({ kind, count, longestHeldMs, medianBackMs, longestBackMs }) =>
        `| ${kind} | ${count} | ${longestHeldMs} | ${medianBackMs} | ${longestBackMs} |`,
    ),
    '',
    'Back: ready, and a new entry was made; after `kill -9`, ready.',
    '',
    ...section('Kills', counts.ends),
    ...section('Answers to good requests', counts.answers),
    ...section('Duplicates', counts.duplicates),
    ...section('Checks', counts.checks),
    '## Memory and descriptors, in windows without faults',
    '',
    report.flatnessRule,
    '',
    '| run | second | entries | heap, MiB | workers, MiB | resident, MiB | descriptors |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...report.perRun.flatMap(({ run, windows }) => windows.map((window) => describeWindow(run, window))),
    '',
    `Seeds: ${report.perRun.map(({ run, seed, minutes }) => `run ${run}: ${seed} (${minutes} min)`).join(', ')}.`,
    '',
  ].join('\n');
}

function describeWindow(
  run: number,
  { round, entries, heap, workerHeap, resident, descriptors }: WindowRecord,
): string {
  const sizes = [heap, workerHeap, resident].map((bytes) => (bytes / MIB).toFixed(1));
  return `| ${[run, round, entries, ...sizes, descriptorCount(descriptors)].join(' | ')} |`;
}

function section(title: string, counts: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(counts).map(([kind, count]) => `| ${kind} | ${count} |`);
  return rows.length === 0 ? [] : [`## ${title}`, '', '| | |', '| --- | ---: |', ...rows, ''];
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function dates(runs: readonly RunRecord[]): string {
  return [...new Set(runs.map(({ date }) => date))].join(', ');
}
