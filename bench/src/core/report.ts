import type { RowFigures } from './bench-row.ts';
import { duration, ratio, secondsPerUnit, type Verdict } from './targets.ts';

/** A row of the JSON: medians, and how many times as fast as each other contestant each one is. */
export interface RowSummary {
  readonly name: string;
  readonly unit: string;
  readonly contestants: readonly {
    readonly name: string;
    readonly cpuSecondsPerUnit: number;
    readonly unitsPerCpuSecond: number;
    readonly timesAsFastAs: Readonly<Record<string, number>>;
  }[];
}

export function summarize(figures: RowFigures): RowSummary {
  const names = figures.row.contestants.map(({ name }) => name);
  return {
    name: figures.row.name,
    unit: figures.row.unit,
    contestants: names.map((name) => {
      const seconds = secondsPerUnit(figures, name);
      const others = names.filter((other) => other !== name);
      const timesAsFastAs = Object.fromEntries(others.map((other) => [other, ratio(figures, name, other)]));
      return { name, cpuSecondsPerUnit: seconds, unitsPerCpuSecond: 1 / seconds, timesAsFastAs };
    }),
  };
}

/** One table a row, its contestants beside those that everybody knows; then the figures to reach. */
export function markdown(rows: readonly RowFigures[], verdicts: readonly Verdict[]): string {
  const tables = rows.map((figures) => {
    const { name, unit, contestants, beside = ['@noble/hashes', 'createHash'] } = figures.row;
    const lines = contestants.map((each) => {
      const seconds = secondsPerUnit(figures, each.name);
      const times = beside.map((other) => `${ratio(figures, each.name, other).toFixed(2)} ×`);
      return `| ${each.name} | ${rate(1 / seconds)} | ${duration(seconds)} | ${times.join(' | ')} |`;
    });
    return [
      `| ${name} | ${unit}/s | each | ${beside.map((other) => `of ${other}`).join(' | ')} |`,
      `| --- |${' ---: |'.repeat(2 + beside.length)}`,
      ...lines,
    ].join('\n');
  });
  const reached = verdicts.map(({ text, met }) => `- ${met ? 'met' : 'MISSED'}: ${text}`);
  return [...tables, reached.join('\n')].join('\n\n');
}

function rate(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(2)} M`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toFixed(1)} K`;
  return perSecond.toFixed(1);
}
