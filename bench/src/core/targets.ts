import { median } from '../load/percentile.ts';
import type { RowFigures } from './bench-row.ts';
import { FULL_RATE, leafRowName, nodeRowName } from './rows/hash-rows.ts';
import { BARE_VERIFY, OPEN_CHECKPOINT_ROW } from './rows/note-rows.ts';
import { VERIFY_INCLUSION_ROW } from './rows/proof-rows.ts';
import { TREE_ROOT_ROW } from './rows/tree-rows.ts';

/** One figure that must be reached, and whether it was. */
export interface Verdict {
  readonly text: string;
  readonly met: boolean;
}

/** CPU seconds for one unit: the median of the rounds. NaN when the row has no such contestant. */
export function secondsPerUnit(figures: RowFigures, contestant: string): number {
  return median(figures.secondsPerUnit.get(contestant) ?? []);
}

/** How many times as fast as `than` a contestant is: the median of the rounds' ratios. */
export function ratio(figures: RowFigures, contestant: string, than: string): number {
  const ours = figures.secondsPerUnit.get(contestant) ?? [];
  const theirs = figures.secondsPerUnit.get(than) ?? [];
  return median(ours.map((seconds, round) => (theirs[round] ?? Number.NaN) / seconds));
}

/** The figures to reach, each as far as its rows were measured. */
export function verdicts(rows: readonly RowFigures[]): Verdict[] {
  const find = (name: string): RowFigures | undefined => rows.find((figures) => figures.row.name === name);
  return [
    ...timesAsFast(find(nodeRowName(1024)), 'wasm-simd', '@noble/hashes', 8),
    ...timesAsFast(find(nodeRowName(1024)), 'node', '@noble/hashes', 8),
    ...partOfFullRate(find(nodeRowName(4)), 'wasm-simd', 0.7),
    ...timesAsFast(find(leafRowName(1025)), 'wasm-simd', '@noble/hashes', 4.5),
    ...timesAsFast(find(leafRowName(1025)), 'node', 'createHash', 1.8),
    ...timeAtMost(find(TREE_ROOT_ROW), 'node', 0.25),
    ...timeAtMost(find(TREE_ROOT_ROW), 'wasm-simd', 0.25),
    ...timeAtMost(find(VERIFY_INCLUSION_ROW), 'node', 30e-6),
    ...timeAtMost(find(VERIFY_INCLUSION_ROW), 'wasm-simd', 30e-6),
    ...costAtMost(find(OPEN_CHECKPOINT_ROW), 'signer', BARE_VERIFY, 1.3),
  ];
}

function timesAsFast(figures: RowFigures | undefined, ours: string, than: string, target: number): Verdict[] {
  if (figures === undefined) return [];
  const times = ratio(figures, ours, than);
  const text = `${figures.row.name}: ${ours} is ${times.toFixed(2)} × ${than}, target ≥ ${target} ×`;
  return [{ text, met: times >= target }];
}

function partOfFullRate(figures: RowFigures | undefined, ours: string, target: number): Verdict[] {
  if (figures === undefined) return [];
  const part = ratio(figures, ours, FULL_RATE);
  const text = `${figures.row.name}: ${ours} at ${percent(part)} of its full rate, target ≥ ${percent(target)}`;
  return [{ text, met: part >= target }];
}

function costAtMost(figures: RowFigures | undefined, ours: string, of: string, target: number): Verdict[] {
  if (figures === undefined) return [];
  const cost = ratio(figures, of, ours);
  const text = `${figures.row.name}: ${ours} costs ${cost.toFixed(3)} of ${of}, target ≤ ${target}`;
  return [{ text, met: cost <= target }];
}

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}

function timeAtMost(figures: RowFigures | undefined, ours: string, target: number): Verdict[] {
  if (figures === undefined) return [];
  const seconds = secondsPerUnit(figures, ours);
  return [
    { text: `${figures.row.name}: ${ours} ${duration(seconds)}, target ≤ ${duration(target)}`, met: seconds <= target },
  ];
}

/** Seconds in a unit that suits them. */
export function duration(seconds: number): string {
  if (seconds >= 0.1) return `${seconds.toFixed(3)} s`;
  if (seconds >= 1e-4) return `${(seconds * 1e3).toFixed(2)} ms`;
  if (seconds >= 1e-6) return `${(seconds * 1e6).toFixed(1)} µs`;
  return `${(seconds * 1e9).toFixed(0)} ns`;
}
