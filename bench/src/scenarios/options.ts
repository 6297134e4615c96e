import { parseArgs } from 'node:util';
import { type LoadScenario, type LoadSize, MOST_ITERATIONS, SCENARIOS } from './scenario.ts';
import type { Limits } from './settings.ts';

/** What a run is to do. */
export interface LoadOptions {
  readonly scenario: LoadScenario;
  /** The log's address; undefined to start a server. */
  readonly url: string | undefined;
  /** Host and port of its gRPC service, where the scenario needs it. */
  readonly grpc: string | undefined;
  readonly size: LoadSize;
  /** Iterations at most. */
  readonly count: number;
  readonly limits: Limits;
  readonly isOwned: boolean;
}

/** What the command was asked to do. */
export interface LoadCommand extends LoadOptions {
  readonly json: boolean;
  /** File of the report; undefined for one in `bench/results`. */
  readonly out: string | undefined;
}

/**
 * Reads the command line; undefined for `--help`.
 * @throws TypeError with a code `ERR_PARSE_ARGS…` for what is not understood or out of bounds
 */
export function readOptions(args: readonly string[]): LoadCommand | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      grpc: { type: 'string' },
      seconds: { type: 'string' },
      rate: { type: 'string' },
      vus: { type: 'string' },
      count: { type: 'string' },
      p95: { type: 'string' },
      p99: { type: 'string' },
      'max-failed': { type: 'string' },
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      'i-own-this-server': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [name] = positionals;
  const scenario = SCENARIOS.find((known) => known.name === name);
  if (scenario === undefined || positionals.length > 1) {
    throw usage(`give one scenario of ${SCENARIOS.map((known) => known.name).join(', ')}; see --help`);
  }
  const { url, grpc } = values;
  if (grpc !== undefined && (scenario.name !== 'grpc' || url === undefined)) {
    throw usage('--grpc belongs to the scenario grpc, together with --url');
  }
  if (scenario.name === 'grpc' && url !== undefined && grpc === undefined) {
    throw usage('the scenario grpc needs --grpc HOST:PORT beside --url');
  }
  if (!scenario.hasRate && values.rate !== undefined) throw usage(`${scenario.name} has no rate: it takes --vus`);
  const size = {
    seconds: integer('seconds', values.seconds, scenario.size.seconds, 1, 3_600),
    rate: integer('rate', values.rate, scenario.size.rate, 1, 20_000),
    vus: integer('vus', values.vus, scenario.size.vus, 1, 5_000),
  };
  const planned = Math.min(scenario.iterations(size), MOST_ITERATIONS);
  return {
    scenario,
    url,
    grpc,
    size,
    count: integer('count', values.count, planned, 1, MOST_ITERATIONS),
    limits: {
      p95: integer('p95', values.p95, scenario.limits.p95, 1, 600_000),
      p99: integer('p99', values.p99, scenario.limits.p99, 1, 600_000),
      failed: share('max-failed', values['max-failed'], scenario.limits.failed),
    },
    isOwned: values['i-own-this-server'],
    json: values.json,
    out: values.out,
  };
}

function integer(name: string, text: string | undefined, otherwise: number, least: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`--${name} takes an integer from ${least} to ${most}`);
}

function share(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = /^[01](\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= 1) return value;
  throw usage(`--${name} takes a share from 0 to 1, such as 0.01`);
}

/** An error that `runMain` takes for one of the command line. */
function usage(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' });
}
