import { parseArgs } from 'node:util';
import { allTargets } from '../all-targets.ts';

/** Fewer inputs than this cannot be expected to reach every check. */
const ENOUGH = 1_000_000;

export const HELP: string = `Usage: npm run fuzz:disk -- [options]

Gives everything that the POSIX driver reads from its disk to the decoders as it is not supposed to be: valid files with
flipped bits, missing, repeated, exchanged and moved blocks, lengths at their extremes, pieces of other valid files, and
checksums that fit the damage all the same. Each input must be refused with an error of the driver's own that names the
file, or be repaired and said to be; nothing may be read beyond what a whole file has, no entry may appear that nobody
wrote, and no input may take for ever. Of ten inputs at most one is not a damaged valid one. The checks that refused them
are counted; one that no input reached fails a run of ${ENOUGH} inputs or more.

  --inputs N     inputs of each target (1000000); what opens files on a real disk or whole logs runs 1 in 50 of that
  --target NAME  only this one; may be repeated
  --seed N       other inputs (1)
  --only N       input N of one target alone, with what was done to it and what came of it
  --json         the report as JSON, instead of Markdown
  --help

Targets:
${allTargets()
  .map(({ name, about }) => `  ${name.padEnd(15)}${about}`)
  .join('\n')}

Files are made below the system's temporary directory (TMPDIR). Exit status: 0 every rule was kept, 1 one was broken, 2 usage.
`;

/** What the command was asked to do. */
export interface FuzzOptions {
  readonly help: boolean;
  readonly inputs: number;
  readonly targets: readonly string[];
  readonly seed: number;
  readonly only: number | undefined;
  readonly json: boolean;
  /** Whether a check that no input reached is a failure. */
  readonly mustReachAll: boolean;
}

/** An option that means nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. Throws {@link UsageError}, or what `parseArgs` throws. */
export function readOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: 'string', default: String(ENOUGH) },
      target: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const known = allTargets().map(({ name }) => name);
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
    json: values.json,
    mustReachAll: inputs >= ENOUGH,
  };
}

function count(flag: string, text: string, least: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value < 2 ** 32) return value;
  throw new UsageError(`${flag} takes a whole number from ${least} to 4294967295`);
}
