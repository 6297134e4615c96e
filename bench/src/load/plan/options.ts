import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { REFERENCE_BINARY, REPOSITORY } from '../../server/commands.ts';
import type { RunLength } from '../run-figures.ts';
import type { Selection } from './plan.ts';
import { usageError } from './usage-error.ts';

/** What `npm run bench` was asked to do. */
export interface BenchOptions {
  readonly mode: 'help' | 'table' | 'short' | 'memory' | 'profile';
  readonly selection: Selection;
  /** Whether the command line says what to measure; a resumed run that does not takes the plan of its file. */
  readonly isPlanGiven: boolean;
  readonly resume: string | undefined;
  readonly updateBaseline: boolean;
  readonly quick: boolean;
  readonly reference: string;
  /** Folder of the results. */
  readonly out: string;
}

const WORDS = ['rekor', 'raw', 'grpc', 'ours', 'peer'] as const;
const QUICK_WRITERS = [1, 64, 512];
const PLAN_OPTIONS = ['quick', 'only', 'writers', 'runs', 'seconds'];

/** Reads the command line. @throws TypeError with a code `ERR_PARSE_ARGS…` for what is not understood */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      writers: { type: 'string' },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      resume: { type: 'string' },
      short: { type: 'boolean', default: false },
      'update-baseline': { type: 'boolean', default: false },
      memory: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      reference: { type: 'string', default: REFERENCE_BINARY },
      out: { type: 'string', default: join(REPOSITORY, 'bench', 'results') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { help, short, memory, quick, resume } = values;
  const modes = (['short', 'memory', 'profile'] as const).filter((name) => values[name]);
  if (modes.length > 1) throw usageError(`--${modes[0]} and --${modes[1]} exclude each other`);
  const [mode = 'table'] = help ? ['help' as const] : modes;
  if (resume !== undefined && mode !== 'table') throw usageError('--resume goes on with a table, nothing else');
  if (values['update-baseline'] && !short) throw usageError('--update-baseline goes with --short');
  if ((short || memory) && (values.only ?? values.writers ?? values.runs ?? values.seconds) !== undefined) {
    throw usageError(`--${mode} always measures the same: it takes no --only, --writers, --runs or --seconds`);
  }
  const only = list(values.only).map(word);
  const writers = values.writers === undefined ? undefined : list(values.writers).map((text) => count('writers', text));
  return {
    mode,
    selection: {
      only,
      writers: writers ?? (quick ? QUICK_WRITERS : undefined),
      areWritersAsked: writers !== undefined,
      runs: values.runs === undefined ? (quick ? 1 : 3) : count('runs', values.runs, 99),
      length: lengthOf(quick, values.seconds),
    },
    isPlanGiven: PLAN_OPTIONS.some((name) => args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))),
    resume,
    updateBaseline: values['update-baseline'],
    quick,
    reference: values.reference,
    out: values.out,
  };
}

function lengthOf(quick: boolean, text: string | undefined): RunLength {
  if (text === undefined) {
    return quick ? { warmUpSeconds: 2, measuredSeconds: 6 } : { warmUpSeconds: 5, measuredSeconds: 20 };
  }
  const measuredSeconds = count('seconds', text, 600);
  return { warmUpSeconds: Math.min(5, Math.max(1, Math.round(measuredSeconds / 4))), measuredSeconds };
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').map((part) => part.trim());
}

function word(text: string): (typeof WORDS)[number] {
  const known = WORDS.find((one) => one === text);
  if (known === undefined) throw usageError(`--only takes any of ${WORDS.join(', ')}, not ${JSON.stringify(text)}`);
  return known;
}

function count(name: string, text: string, most = 100_000): number {
  const value = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw usageError(`--${name} takes integers from 1 to ${most}, not ${JSON.stringify(text.slice(0, 40))}`);
}
