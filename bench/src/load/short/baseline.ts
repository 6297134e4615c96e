import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { figureText } from '../../report/figure-text.ts';
import { REPOSITORY } from '../../server/commands.ts';
import type { Machine } from '../table/results-file.ts';

/** Ratios by name: how many times better ours is than the peer in the same run, so that more is better. */
export type Ratios = Readonly<Record<string, number>>;

/** Ratios that were measured once, and where. */
export interface Baseline {
  readonly measuredAt: string;
  readonly commit: string | undefined;
  readonly machine: Machine;
  readonly ratios: Ratios;
}

/** The committed baseline. */
export const BASELINE_FILE: string = join(REPOSITORY, 'bench', 'baseline', 'short.json');

/** A ratio that is less than this part of the baseline's has fallen. */
export const LEAST_PART: number = 2 / 3;

/** Reads it. Throws an Error that says how to make one. */
export async function readBaseline(path: string): Promise<Baseline> {
  const help = 'write it with npm run bench -- --short --update-baseline';
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`there is no baseline at ${path} (${cause.code}): ${help}`);
  });
  const baseline = parse(text);
  const values = Object.values(baseline?.ratios ?? {});
  if (baseline === undefined || values.length === 0 || !values.every((value) => Number.isFinite(value) && value > 0)) {
    throw new Error(`${path} holds no ratios: ${help}`);
  }
  return baseline;
}

function parse(text: string): Baseline | undefined {
  try {
    return (JSON.parse(text) as Baseline | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Writes it. Ratios get three digits: the rest is noise. */
export async function writeBaseline(path: string, baseline: Baseline): Promise<void> {
  const ratios = Object.entries(baseline.ratios).map(([name, value]) => [name, Number(value.toPrecision(3))]);
  await writeFile(path, `${JSON.stringify({ ...baseline, ratios: Object.fromEntries(ratios) }, undefined, 2)}\n`);
}

/** Whether a ratio has fallen by more than a third; one that the baseline does not know has not. */
export function hasFallen(baseline: Ratios, name: string, value: number): boolean {
  const before = baseline[name];
  return before !== undefined && !(value >= before * LEAST_PART);
}

/** A table of all ratios of both, and the names of those that fell; `disturbed` names those that are not judged. */
export function compareRatios(
  baseline: Ratios,
  now: Ratios,
  disturbed: readonly string[] = [],
): { readonly table: string; readonly fallen: string[] } {
  const names = [...new Set([...Object.keys(baseline), ...Object.keys(now)])];
  const fallen: string[] = [];
  const lines = names.map((name) => {
    const [before, value] = [baseline[name], now[name]];
    const isFallen = value !== undefined && hasFallen(baseline, name, value);
    const isJudged = !disturbed.includes(name);
    if (isFallen && isJudged) fallen.push(name);
    const verdict = wordFor(before, value, isFallen, isJudged);
    const part = before === undefined || value === undefined ? null : value / before;
    return `| ${[name, figureText(before ?? null), figureText(value ?? null), figureText(part), verdict].join(' | ')} |`;
  });
  const head = ['| times better than the peer | baseline | now | part |  |', '| --- | ---: | ---: | ---: | --- |'];
  return { table: [...head, ...lines].join('\n'), fallen };
}

function wordFor(before: number | undefined, value: number | undefined, isFallen: boolean, isJudged: boolean): string {
  if (isFallen) return isJudged ? 'FALLEN' : 'not judged: other programs were busy';
  if (value === undefined) return 'not measured';
  return before === undefined ? 'new' : 'held';
}

/** The better of two measurements, ratio by ratio. */
export function bestOf(one: Ratios, other: Ratios): Ratios {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, Math.max(one[name] ?? 0, other[name] ?? 0)]));
}
