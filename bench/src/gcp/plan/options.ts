import { parseArgs } from 'node:util';
import { usageError } from '../../load/plan/usage-error.ts';
import { CONTESTANTS } from '../servers/servers.ts';

/** What `npm run bench:gcp` was asked to do. */
export interface GcpBenchOptions {
  readonly help: boolean;
  /** Whether speeds are measured, and whether operations are counted. */
  readonly speed: boolean;
  readonly operations: boolean;
  /** Ids of who is measured. */
  readonly contestants: readonly string[];
  /** Of each contestant in each row. */
  readonly runs: number;
  /** Of load in a measurement of speed. */
  readonly seconds: number;
  /** Over which operations are counted, and those of an idle log. */
  readonly countSeconds: number;
  readonly idleSeconds: number;
  readonly quick: boolean;
  readonly json: boolean;
}

/** Reads the command line. @throws TypeError with a code `ERR_PARSE_ARGS…` for what is not understood */
export function readGcpOptions(args: readonly string[]): GcpBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, json, help } = values;
  const words = (values.only?.split(',') ?? []).map((word) => word.trim());
  const known = ['speed', 'operations', 'ours', 'peer'];
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined)
    throw usageError(`--only takes any of ${known.join(', ')}, not ${JSON.stringify(unknown)}`);
  const kinds = words.filter((word) => word === 'speed' || word === 'operations');
  const sides = words.filter((word) => word === 'ours' || word === 'peer');
  const runs = values.runs === undefined ? (quick ? 1 : 3) : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1 || runs > 20) throw usageError('--runs takes 1 to 20');
  return {
    help,
    json,
    quick,
    runs,
    speed: kinds.length === 0 || kinds.includes('speed'),
    operations: kinds.length === 0 || kinds.includes('operations'),
    contestants: CONTESTANTS.filter(({ side }) => sides.length === 0 || sides.includes(side)).map(({ id }) => id),
    seconds: quick ? 8 : 20,
    countSeconds: quick ? 10 : 30,
    idleSeconds: quick ? 15 : 60,
  };
}
