import { median } from './percentile.ts';
import type { RunResult } from './run-once.ts';
import type { Scenario, Target } from './scenario.ts';

/** Medians of one server's runs of one scenario. */
export interface Medians {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuPerThousand: number;
  readonly residentMiB: number;
  readonly failures: number;
  /** Runs beside which the disk was noisy, runs beside which other programs were busy, and all runs. */
  readonly noisy: number;
  readonly busy: number;
  readonly runs: number;
}

/** One checked target; `met` is undefined when there was no peer to compare with. */
export interface Verdict {
  readonly text: string;
  readonly met: boolean | undefined;
}

/** Other programs on more cores than this distort a run on two. */
const BUSY_CORES = 0.2;

/** Median of each figure on its own; undefined when the server did not run. */
export function medians(results: readonly RunResult[]): Medians | undefined {
  if (results.length === 0) return undefined;
  const of = (figure: (result: RunResult) => number): number => median(results.map(figure));
  return {
    rate: of((r) => r.rate),
    p50: of((r) => r.p50),
    p99: of((r) => r.p99),
    cpuPerThousand: of((r) => r.cpuPerThousand),
    residentMiB: of((r) => r.residentMiB),
    failures: results.reduce((sum, r) => sum + r.failures, 0),
    noisy: results.filter((r) => r.disk.noisy).length,
    busy: results.filter((r) => r.othersCores > BUSY_CORES).length,
    runs: results.length,
  };
}

/** Compares ours with the scenario's targets. */
export function verdicts(scenario: Scenario, ours: Medians, peer: Medians | undefined): Verdict[] {
  return scenario.targets.map((target) => verdict(target, ours, peer));
}

function verdict(target: Target, ours: Medians, peer: Medians | undefined): Verdict {
  switch (target.kind) {
    case 'p50-at-most':
      return { text: `p50 ${ours.p50.toFixed(1)} ms, target ≤ ${target.ms} ms`, met: ours.p50 <= target.ms };
    case 'p99-at-most':
      return { text: `p99 ${ours.p99.toFixed(0)} ms, target ≤ ${target.ms} ms`, met: ours.p99 <= target.ms };
    case 'cpu-at-most': {
      const text = `CPU ${ours.cpuPerThousand.toFixed(2)} s per 1,000, target ≤ ${target.secondsPerThousand} s`;
      return { text, met: ours.cpuPerThousand <= target.secondsPerThousand };
    }
    case 'rate-times-peer': {
      if (peer === undefined) return { text: `rate, target ≥ ${target.times}×: no peer in this run`, met: undefined };
      const times = ours.rate / peer.rate;
      return { text: `rate ${times.toFixed(1)}× the peer's, target ≥ ${target.times}×`, met: times >= target.times };
    }
  }
}

/** Markdown table of all scenarios, ratios ours / peer, and the targets below. */
export function markdown(rows: readonly ScenarioReport[]): string {
  const lines = [
    '| writers | server | entries/s | p50 ms | p99 ms | CPU s per 1,000 | RSS MiB | failures | machine |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
  ];
  for (const { scenario, ours, peer } of rows) {
    if (peer !== undefined) lines.push(tableRow(scenario.writers, 'peer', peer));
    if (ours !== undefined) lines.push(tableRow(scenario.writers, 'ours', ours));
    if (ours !== undefined && peer !== undefined) lines.push(ratioRow(scenario.writers, ours, peer));
  }
  const checks = rows.flatMap((row) =>
    row.verdicts.map((v) => `- ${row.scenario.writers} writers: ${v.text}: ${verdictWord(v)}`),
  );
  return [...lines, '', ...checks].join('\n').trimEnd();
}

/** One scenario's figures, ready to print or store. */
export interface ScenarioReport {
  readonly scenario: Scenario;
  readonly ours: Medians | undefined;
  readonly peer: Medians | undefined;
  readonly verdicts: readonly Verdict[];
}

/** `met`, `MISSED`, or `not compared`. */
export function verdictWord(verdict: Verdict): string {
  if (verdict.met === undefined) return 'not compared';
  return verdict.met ? 'met' : 'MISSED';
}

function tableRow(writers: number, name: string, m: Medians): string {
  const disk = m.noisy > 0 ? [`disk noisy in ${m.noisy} of ${m.runs}`] : [];
  const others = m.busy > 0 ? [`others busy in ${m.busy} of ${m.runs}`] : [];
  const machine = [...disk, ...others].join(', ') || 'quiet';
  const figures = [m.rate.toFixed(1), m.p50.toFixed(1), m.p99.toFixed(1), m.cpuPerThousand.toFixed(2)];
  return `| ${[writers, name, ...figures, m.residentMiB.toFixed(0), m.failures, machine].join(' | ')} |`;
}

function ratioRow(writers: number, ours: Medians, peer: Medians): string {
  const ratio = (figure: (m: Medians) => number): string => times(figure(ours) / figure(peer));
  const figures = [ratio((m) => m.rate), ratio((m) => m.p50), ratio((m) => m.p99), ratio((m) => m.cpuPerThousand)];
  return `| ${[writers, 'ours / peer', ...figures, ratio((m) => m.residentMiB), '', ''].join(' | ')} |`;
}

function times(ratio: number): string {
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2)}×`;
}
