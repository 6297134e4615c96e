import { parseArgs } from 'node:util';
import type { FuzzSuite } from '../run/fuzz-suite.ts';

/** Fewer inputs than this cannot be expected to reach every check. */
export const ENOUGH = 1_000_000;
const MOST_JOBS = 64;

/** The help of the command. */
export function helpOf({ command, about, remark, targets }: FuzzSuite): string {
  const width = Math.max(13, ...targets.map(({ name }) => name.length)) + 2;
  const list = targets.map((target) => `  ${target.name.padEnd(width)}${target.about}`);
  return `Usage: npm run ${command} -- [options]

${about} The checks that refused them are counted; one that no input reached fails a run of ${ENOUGH} inputs or more.

  --inputs N     inputs of each target (1000000); some targets are slow and run fewer
  --target NAME  only this one; may be repeated
  --seed N       other inputs (1)
  --only N       input N of one target alone, with what was done to it and what came of it
  --jobs N       so many targets at once (1)
  --report FILE  writes the report, as Markdown, to this file too
  --json         the report as JSON, instead of Markdown
  --help

Targets:
${list.join('\n')}

${remark}Exit status: 0 every rule was kept, 1 one was broken, 2 usage.
`;
}

/** What the command was asked to do. */
export interface FuzzOptions {
  readonly help: boolean;
  readonly inputs: number;
  readonly targets: readonly string[];
  readonly seed: number;
  readonly only: number | undefined;
  readonly jobs: number;
  readonly report: string | undefined;
  readonly json: boolean;
  /** Whether a check that no input reached is a failure. */
  readonly mustReachAll: boolean;
}

/** An option that means nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. Throws {@link UsageError}, or what `parseArgs` throws. */
export function readOptions(suite: FuzzSuite, args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: 'string', default: String(ENOUGH) },
      target: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      report: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const known = suite.targets.map(({ name }) => name);
  const targets = values.target ?? known;
  for (const name of targets) {
    if (!known.includes(name)) throw new UsageError(`there is no target '${name}': they are ${known.join(', ')}`);
  }
  if (values.only !== undefined && targets.length !== 1) throw new UsageError('--only needs one --target');
  const inputs = count('--inputs', values.inputs, 1);
  return {
    help: values.help,
    inputs,
    targets,
    seed: count('--seed', values.seed, 0),
    only: values.only === undefined ? undefined : count('--only', values.only, 0),
    jobs: count('--jobs', values.jobs, 1, MOST_JOBS),
    report: values.report,
    json: values.json,
    mustReachAll: inputs >= ENOUGH,
  };
}

function count(flag: string, text: string, least: number, most = 2 ** 32 - 1): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} takes a whole number from ${least} to ${most}`);
}
