import { type Contestant, type SuiteName, suiteOf } from '../load/plan/contestants.ts';
import { shortLabel } from './figure-text.ts';
import { type Panel, type PanelLine, type PanelPoint, panelChart } from './panel-chart.ts';
import { type FigureName, figureOf, type ReportRow } from './summarize.ts';

/** One file. */
export interface ReportPlot {
  /** Part of its file name. */
  readonly name: string;
  readonly title: string;
  readonly svg: string;
}

const TONES: Readonly<Record<string, string>> = {
  ours: 'a',
  'ours-roomy': 'd',
  'peer-best': 'b',
  'peer-default': 'f',
  tessera: 'e',
};
const DASHED = ['peer-default', 'ours-roomy'];
const HEADINGS: Readonly<Partial<Record<SuiteName, string>>> = {
  rekor: 'Rekor API over HTTP',
  raw: 'Raw logs, leaves of 1 KiB',
};

/** The plots that the rows are enough for: a line takes two numbers of writers. */
export function reportPlots(rows: readonly ReportRow[]): ReportPlot[] {
  const across = (name: FigureName, unit: string): (Panel | undefined)[] =>
    (['rekor', 'raw'] as const).map((suite) => panelOf(rows, suite, name, HEADINGS[suite] ?? suite, unit));
  const percentiles = (['p50', 'p95', 'p99'] as const).map((name) => panelOf(rows, 'rekor', name, name, 'ms'));
  return [
    plot('throughput', 'Entries a second, by writers', across('rate', 'entries/s')),
    plot('latency', 'Until an entry is published, Rekor API over HTTP, by writers', percentiles),
    plot('cpu', "The server's CPU for 1,000 entries, by writers", across('cpuPerThousand', 'CPU seconds per 1,000')),
    plot('memory', "The server's peak memory, by writers", across('peakMiB', 'MiB')),
  ].filter((one) => one !== undefined);
}

function plot(name: string, title: string, panels: readonly (Panel | undefined)[]): ReportPlot | undefined {
  const shown = panels.filter((panel) => panel !== undefined);
  return shown.length === 0 ? undefined : { name, title, svg: panelChart(title, shown) };
}

function panelOf(
  rows: readonly ReportRow[],
  suite: SuiteName,
  name: FigureName,
  heading: string,
  unit: string,
): Panel | undefined {
  const lines = suiteOf(suite).contestants.flatMap((contestant) => lineOf(rows, suite, contestant, name) ?? []);
  const counts = new Set(lines.flatMap(({ points }) => points.map(({ writers }) => writers)));
  return counts.size < 2 ? undefined : { heading, unit, lines };
}

function lineOf(
  rows: readonly ReportRow[],
  suite: SuiteName,
  { id, label }: Contestant,
  name: FigureName,
): PanelLine | undefined {
  const points = rows.flatMap((row): PanelPoint[] => {
    const value = row.suite === suite && row.contestant.id === id ? figureOf(row, name) : null;
    // Decades have no place for nothing.
    if (value === null || value <= 0) return [];
    const all = row.runs.flatMap((run) => run[name] ?? []).filter((one) => one > 0);
    return [{ writers: row.writers, value, least: Math.min(...all), most: Math.max(...all) }];
  });
  if (points.length === 0) return undefined;
  return { name: shortLabel(label), tone: TONES[id] ?? 'g', isDashed: DASHED.includes(id), points };
}
