import type { Row } from './row.ts';
import { dsseRows } from './rows/dsse.ts';
import { allRows } from './rows/index.ts';
import { FLAG_LIMITS, frozenRows, limitedRows } from './rows/other-modes.ts';

/** One start of both servers, and the rows sent to them. */
export interface Phase {
  readonly name: string;
  /** Storage directory below the workspace; phases that share one go on with the same logs. */
  readonly log: string;
  readonly flags: readonly string[];
  /** Flags of ours alone. */
  readonly ourFlags: readonly string[];
  readonly rows: readonly Row[];
}

/** Every phase of the full table. */
export function allPhases(): Phase[] {
  const plain = { log: 'log', flags: [], ourFlags: [] };
  return [
    { ...plain, name: 'defaults', rows: allRows() },
    { ...plain, name: 'frozen', flags: ['--read-only'], rows: frozenRows() },
    { ...plain, name: 'limits by flag', log: 'limited', flags: FLAG_LIMITS, rows: limitedRows() },
    { ...plain, name: 'dsse accepted', log: 'dsse', ourFlags: ['--accept-dsse'], rows: dsseRows() },
  ];
}

/** The names of the directories that our logs are in, each once. */
export function ourLogs(phases: readonly Phase[]): string[] {
  return [...new Set(phases.map(({ log }) => `ours-${log}`))];
}

/** About `count` rows of the first phase, evenly spread over it. */
export function shortPhases(count: number): Phase[] {
  const [defaults] = allPhases();
  if (defaults === undefined) return [];
  const step = Math.max(1, Math.floor(defaults.rows.length / count));
  return [{ ...defaults, rows: defaults.rows.filter((_, i) => i % step === 0).slice(0, count) }];
}
