import { parseArgs } from 'node:util';

/** What the command was asked to do. */
export interface ChaosOptions {
  readonly help: boolean;
  /** 0: no run, only a report. */
  readonly minutes: number;
  readonly seed: number;
  readonly state: string | undefined;
  readonly report: string | undefined;
  readonly json: boolean;
}

const DEFAULT_MINUTES = '2';
/** More is for several runs of one state directory. */
const MOST_MINUTES = 60;
const MOST_SEED = 2 ** 31;

/**
 * Reads the options of the command line.
 * @throws TypeError with a code `ERR_PARSE_ARGS…` for those that are not understood
 */
export function readOptions(args: readonly string[], nowMs: number): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: DEFAULT_MINUTES },
      seed: { type: 'string' },
      state: { type: 'string' },
      report: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const minutes = /^\d{1,3}(\.\d{1,3})?$/.test(values.minutes) ? Number(values.minutes) : Number.NaN;
  if (!(minutes <= MOST_MINUTES)) throw usage(`--minutes takes a number from 0 to ${MOST_MINUTES}`);
  if (minutes === 0 && (values.state === undefined || values.report === undefined)) {
    throw usage('--minutes 0 makes a report of earlier runs alone: it takes --state and --report');
  }
  const seed = values.seed === undefined ? nowMs % 1_000_000 : seedOf(values.seed);
  if (values.state === '' || values.report === '') throw usage('--state and --report take a path');
  return { help: values.help, minutes, seed, state: values.state, report: values.report, json: values.json };
}

function seedOf(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (seed < MOST_SEED) return seed;
  throw usage(`--seed takes an integer from 0 to ${MOST_SEED - 1}`);
}

/** An error that `runMain` takes for one of the command line. */
function usage(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' });
}
