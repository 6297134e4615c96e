import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Decision } from '../choice/seeded-chooser.ts';
import { parseDecisions } from '../choice/written-chooser.ts';
import { WORLDS, type World } from '../history/worlds.ts';

export const HELP = `Usage: npm run simulate -- [options]

Runs the real log engine through histories in which disks forget and fail, networks lose and delay, processes are killed
and power is lost, each decided by a seed, and holds it to every promise. Exit status: 0 every promise held, 1 one was
broken, 2 usage.

  --seeds N           histories to run (10000)
  --from SEED         first seed (1); a run that is interrupted says where to go on
  --world NAME        machine: the POSIX driver on a simulated disk; replicas: a shared store; both in turn unless given.
                      witnessed: a machine whose log three witnesses cosign
                      signed: replicas that answer as soon as a tree is signed
  --jobs N            threads (one a core)
  --replay SEED       run one seed, tell its history; when a promise breaks, the shortest history that breaks it too
  --decisions LIST    run the history that these decisions make (a failing run prints them); needs --world
  --exhaustive        every schedule of small histories instead of random ones
  --report FILE       write figures and counts as JSON; also when interrupted
  --resume            go on where the run that wrote the report was interrupted, and add to it; needs --report
  --json              print the report to stdout
  --help
`;

/** What the command was asked to do. */
export interface SimulateOptions {
  readonly help: boolean;
  readonly seeds: number;
  readonly from: number;
  readonly world: World | undefined;
  readonly jobs: number;
  readonly replay: number | undefined;
  readonly decisions: readonly Decision[] | undefined;
  readonly exhaustive: boolean;
  readonly report: string | undefined;
  readonly resume: boolean;
  readonly json: boolean;
}

/** An option that means nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. Throws {@link UsageError}, or what `parseArgs` throws. */
export function readOptions(args: readonly string[]): SimulateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      world: { type: 'string' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      replay: { type: 'string' },
      decisions: { type: 'string' },
      exhaustive: { type: 'boolean', default: false },
      report: { type: 'string' },
      resume: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const world = worldNamed(values.world);
  if (values.decisions !== undefined && world === undefined) throw new UsageError('--decisions needs --world');
  if (values.resume && values.report === undefined) throw new UsageError('--resume needs --report');
  return {
    help: values.help,
    seeds: count('--seeds', values.seeds, 1, 1e9),
    from: count('--from', values.from, 0, 2 ** 52),
    world,
    jobs: count('--jobs', values.jobs, 1, 64),
    replay: values.replay === undefined ? undefined : count('--replay', values.replay, 0, 2 ** 53 - 1),
    decisions: values.decisions === undefined ? undefined : decisionsOf(values.decisions),
    exhaustive: values.exhaustive,
    report: values.report,
    resume: values.resume,
    json: values.json,
  };
}

function count(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} takes a whole number from ${least} to ${most}`);
}

function worldNamed(name: string | undefined): World | undefined {
  if (name === undefined) return undefined;
  const world = WORLDS.find((known) => known === name);
  if (world === undefined) throw new UsageError(`--world is one of ${WORLDS.join(', ')}`);
  return world;
}

function decisionsOf(text: string): readonly Decision[] {
  try {
    return parseDecisions(text);
  } catch (cause) {
    throw new UsageError(`--decisions: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
}
