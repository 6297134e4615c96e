import type { SizeRow } from './run-sizes.ts';
import type { ThroughputRow } from './run-throughput.ts';

/** A table as Markdown lines, and whether every target in it was met. */
export interface EngineTable {
  readonly lines: readonly string[];
  readonly met: boolean;
}

const MOST_GROWTH = 1.15;
const MOST_MIB = 350;
const MOST_OPEN_MS = 2000;

/** Entries a second by store, entry size and way. */
export function throughputTable(rows: readonly ThroughputRow[]): EngineTable {
  if (rows.length === 0) return { lines: [], met: true };
  const targets = rows.flatMap(({ target, figures, aCall }) => {
    if (target === undefined) return [];
    const met = figures.rate >= target;
    return [
      { met, line: `- 1 KiB, ${aCall} a call: ${Math.round(figures.rate)}/s, target ≥ ${target}/s: ${said(met)}` },
    ];
  });
  return {
    met: targets.every(({ met }) => met),
    lines: [
      '| store | entry, bytes | a call | in flight | entries/s | CPU µs an entry | RSS MiB |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...rows.map(({ store, entryBytes, aCall, inFlight, figures: { rate, cpuMicroseconds, residentMiB } }) =>
        cells([
          store,
          entryBytes,
          aCall,
          inFlight,
          Math.round(rate),
          cpuMicroseconds.toFixed(1),
          Math.round(residentMiB),
        ]),
      ),
      '',
      ...targets.map(({ line }) => line),
    ],
  };
}

/** What a log costs as it grows. */
export function sizeTable(rows: readonly SizeRow[]): EngineTable {
  const last = rows.at(-1);
  if (last === undefined) return { lines: [], met: true };
  const before = rows.at(-2) ?? last;
  const growth = last.cpuMicroseconds / before.cpuMicroseconds;
  const memory = last.peakMiB / before.peakMiB;
  const verdicts = [
    [`CPU an entry at ${last.entries}: ${growth.toFixed(2)} times that at ${before.entries}`, MOST_GROWTH, growth],
    [`peak memory at ${last.entries}: ${memory.toFixed(2)} times that at ${before.entries}`, MOST_GROWTH, memory],
    [`peak memory at ${last.entries}: ${Math.round(last.peakMiB)} MiB`, MOST_MIB, last.peakMiB],
    [`opened at ${last.entries} in ${Math.round(last.openMs)} ms`, MOST_OPEN_MS, last.openMs],
  ] as const;
  return {
    met: verdicts.every(([, most, figure]) => figure <= most),
    lines: [
      '| entries | CPU µs an entry | entries/s | opened in, ms | cold, ms | RSS open, MiB | RSS peak, MiB | fsck warm, s | fsck cold, s |',
      '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
      ...rows.map((row) =>
        cells([
          row.entries,
          row.cpuMicroseconds.toFixed(1),
          Math.round(row.rate),
          Math.round(row.openMs),
          row.coldOpenMs === undefined ? '–' : Math.round(row.coldOpenMs),
          Math.round(row.openMiB),
          Math.round(row.peakMiB),
          row.warmFsckSeconds.toFixed(1),
          row.coldFsckSeconds?.toFixed(1) ?? '–',
        ]),
      ),
      '',
      ...verdicts.map(([what, most, figure]) => `- ${what}, target ≤ ${most}: ${said(figure <= most)}`),
    ],
  };
}

function cells(values: readonly (string | number)[]): string {
  return `| ${values.join(' | ')} |`;
}

function said(met: boolean): string {
  return met ? 'met' : 'MISSED';
}
