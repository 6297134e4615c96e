import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { type Plan, samePlan } from '../plan/plan.ts';
import { usageError } from '../plan/usage-error.ts';
import type { RunFigures } from '../run-figures.ts';

/** What became of one measurement. */
export type StepResult =
  | { readonly figures: RunFigures }
  | { readonly failed: string }
  /** There was no need for it. */
  | { readonly skipped: string };

/** Where it was measured: figures of two machines make no ratio. */
export interface Machine {
  readonly cpus: number;
  readonly model: string;
  readonly node: string;
}

/** One start of the command. */
export interface Session {
  readonly startedAt: string;
  /** Commit of this repository; undefined where that is not known. */
  readonly commit: string | undefined;
}

/** All of a run, as it lies on disk. */
export interface Results {
  readonly format: typeof FORMAT;
  readonly machine: Machine;
  readonly plan: Plan;
  readonly sessions: readonly Session[];
  /** By `Step.key`. */
  readonly results: Readonly<Record<string, StepResult>>;
}

const FORMAT = 'tilewright-bench-1';

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
}

/** A run that nothing was measured of yet. */
export function newResults(plan: Plan, machine: Machine, session: Session): Results {
  return { format: FORMAT, machine, plan, sessions: [session], results: {} };
}

/**
 * Reads a run to go on with. `plan` is what the command line asks for, undefined when it leaves that to the file.
 * @throws TypeError (usage) when the file is no such run, or one of another plan or another machine
 */
export async function readResults(path: string, plan: Plan | undefined, machine: Machine): Promise<Results> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw usageError(`cannot go on with ${path}: it cannot be read (${cause.code})`);
  });
  const results = parseResults(text);
  if (results === undefined) throw usageError(`cannot go on with ${path}: it is no results file of npm run bench`);
  if (plan !== undefined && !samePlan(plan, results.plan)) {
    throw usageError(
      `cannot go on with ${path}: its plan is another one than these options make. Leave them out, or start anew`,
    );
  }
  const other = (Object.keys(machine) as (keyof Machine)[]).find((name) => machine[name] !== results.machine[name]);
  if (other !== undefined) {
    const [there, here] = [results.machine[other], machine[other]];
    throw usageError(`cannot go on with ${path}: it was measured with ${other} ${there}, not ${here}`);
  }
  return results;
}

function parseResults(text: string): Results | undefined {
  try {
    const value = JSON.parse(text) as Partial<Results> | null;
    const isWhole = value?.format === FORMAT && value.plan && value.machine && value.sessions && value.results;
    return isWhole ? (value as Results) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a run whole or not at all: a kill in between leaves what was there. */
export async function writeResults(path: string, results: Results): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.partial`, `${JSON.stringify(results, undefined, 1)}\n`);
  await rename(`${path}.partial`, path);
}
