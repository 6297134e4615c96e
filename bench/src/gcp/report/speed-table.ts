import { figureText, NONE, timesText } from '../../report/figure-text.ts';
import { mediansOf } from '../../report/summarize.ts';
import { ROWS, type Row } from '../plan/rows.ts';
import { CONTESTANTS, contestantOf } from '../servers/servers.ts';
import type { GcpResults, SpeedResult } from './results.ts';

/** The median run of one contestant in one row. */
export interface SpeedCell {
  /** Entries a second; `null` where no run could be made. */
  readonly rate: number | null;
  /** Milliseconds; `null` where nothing was accepted. */
  readonly p50: number | null;
  readonly p99: number | null;
  readonly cpuPerThousand: number | null;
  readonly peakMiB: number | null;
  /** Of all runs, by status or by what went wrong. */
  readonly failureKinds: Readonly<Record<string, number>>;
  /** Why runs are missing. */
  readonly failed: readonly string[];
}

/** The cell of `id` in `row`; undefined where that was not measured. */
export function cellOf({ speed }: Pick<GcpResults, 'speed'>, row: Row, id: string): SpeedCell | undefined {
  const isHere = (one: SpeedResult): boolean =>
    one.id === id && one.writers === row.writers && one.replicas === row.replicas;
  const here = speed.filter(isHere).map(({ outcome }) => outcome);
  if (here.length === 0) return undefined;
  const runs = here.flatMap((outcome) => ('figures' in outcome ? [outcome.figures] : []));
  const medians = mediansOf(runs);
  const failureKinds: Record<string, number> = {};
  for (const run of runs) {
    for (const [kind, count] of Object.entries(run.failureKinds))
      failureKinds[kind] = (failureKinds[kind] ?? 0) + count;
  }
  return {
    rate: medians?.rate ?? null,
    p50: medians?.p50 ?? null,
    p99: medians?.p99 ?? null,
    cpuPerThousand: medians?.cpuPerThousand ?? null,
    peakMiB: medians?.peakMiB ?? null,
    failureKinds,
    failed: here.flatMap((outcome) => ('failed' in outcome ? [outcome.failed] : [])),
  };
}

/** The table of speeds, with the ratios of ours to each peer. */
export function speedTable(results: Pick<GcpResults, 'speed'>): string {
  const lines = [
    '| writers | server | entries/s | p50 ms | p99 ms | CPU s per 1,000 | peak MiB | other answers |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |',
  ];
  for (const row of ROWS) {
    const ours = cellOf(results, row, 'ours');
    for (const { id, label } of CONTESTANTS) {
      const cell = cellOf(results, row, id);
      if (cell !== undefined) lines.push(line(row.name, label, cell));
    }
    for (const { id, label } of CONTESTANTS.filter(({ side }) => side === 'peer')) {
      const peer = cellOf(results, row, id);
      if (ours !== undefined && peer !== undefined)
        lines.push(ratioLine(row.name, `*Tilewright / ${label}*`, ours, peer));
    }
  }
  return lines.join('\n');
}

function line(row: string, label: string, cell: SpeedCell): string {
  const figures = [cell.rate, cell.p50, cell.p99, cell.cpuPerThousand, cell.peakMiB].map(figureText);
  return `| ${[row, label, ...figures, failuresText(cell)].join(' | ')} |`;
}

function ratioLine(row: string, label: string, ours: SpeedCell, peer: SpeedCell): string {
  const ratio = (one: number | null, other: number | null): string =>
    timesText(one === null || other === null || other === 0 ? null : one / other);
  const ratios = [
    ratio(ours.rate, peer.rate),
    ratio(ours.p50, peer.p50),
    ratio(ours.p99, peer.p99),
    ratio(ours.cpuPerThousand, peer.cpuPerThousand),
    ratio(ours.peakMiB, peer.peakMiB),
  ];
  return `| ${[row, label, ...ratios, ''].join(' | ')} |`;
}

function failuresText({ failureKinds, failed }: SpeedCell): string {
  const kinds = Object.entries(failureKinds).map(([kind, count]) => `${kind}: ${count}`);
  const text = [...kinds, ...failed.map((why) => `failed: ${why.slice(0, 120)}`)].join('; ');
  return text === '' ? NONE : text;
}

/** Who was measured, in a list. */
export function settingsList(ids: readonly string[]): string {
  return ids.map((id) => `- ${contestantOf(id).label}: ${contestantOf(id).settings}`).join('\n');
}
