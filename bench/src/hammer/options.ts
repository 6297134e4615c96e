import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MAX_ENTRY_SIZE } from '@tilewright/core/tiles';
import { REPOSITORY } from '../server/commands.ts';
import type { KindName } from './target/log-kind.ts';
import { SMALLEST_LEAF } from './target/raw-kind.ts';

/** What a run is to do. */
export interface HammerOptions {
  readonly url: string;
  readonly readUrl: string | undefined;
  readonly kind: KindName | undefined;
  readonly writers: number;
  readonly randomReaders: number;
  readonly fullReaders: number;
  /** Writes a second; undefined for no limit. */
  readonly writeRate: number | undefined;
  /** GETs a second; undefined for no limit. */
  readonly readRate: number | undefined;
  readonly leafSize: number;
  /** 0 to 1. */
  readonly duplicateChance: number;
  /** Accepted writes; undefined for the default of the log's kind. */
  readonly goal: number | undefined;
  readonly maxRuntimeMs: number;
  readonly settleMs: number;
  readonly isOwned: boolean;
}

/** What the command was asked to do: `undefined` for `--help`. */
export interface HammerCommand extends HammerOptions {
  readonly vkey: { readonly text: string } | { readonly file: string };
  readonly evidence: string;
  readonly json: boolean;
}

const EVIDENCE = join(REPOSITORY, 'bench', 'data');
const DAY_MS = 86_400_000;
const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * Reads the options of the command line.
 * @param now names the folder of evidence
 * @throws TypeError with a code `ERR_PARSE_ARGS…` for those that are not understood
 */
export function readOptions(args: readonly string[], now: Date): HammerCommand | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      vkey: { type: 'string' },
      'vkey-file': { type: 'string' },
      kind: { type: 'string' },
      'read-url': { type: 'string' },
      writers: { type: 'string', default: '64' },
      'random-readers': { type: 'string', default: '2' },
      'full-readers': { type: 'string', default: '1' },
      'write-rate': { type: 'string', default: '0' },
      'read-rate': { type: 'string', default: '100' },
      'leaf-size': { type: 'string', default: '1024' },
      'duplicate-chance': { type: 'string', default: '0' },
      goal: { type: 'string' },
      'max-runtime': { type: 'string', default: '30s' },
      settle: { type: 'string', default: '30s' },
      evidence: { type: 'string' },
      json: { type: 'boolean', default: false },
      'i-own-this-server': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [url] = positionals;
  if (url === undefined || positionals.length > 1) throw usage('give the address of one log, see --help');
  const { kind } = values;
  if (kind !== undefined && kind !== 'raw' && kind !== 'rekor') throw usage('--kind takes raw or rekor');
  const count = (name: 'writers' | 'random-readers' | 'full-readers' | 'leaf-size', least: number, most: number) =>
    integer(name, values[name], least, most);
  const writers = count('writers', 0, 10_000);
  const randomReaders = count('random-readers', 0, 1_000);
  const fullReaders = count('full-readers', 0, 1_000);
  if (writers + randomReaders + fullReaders === 0) throw usage('there is nothing to do without writers and readers');
  return {
    url,
    readUrl: values['read-url'],
    vkey: vkeyOf(values.vkey, values['vkey-file']),
    kind,
    writers,
    randomReaders,
    fullReaders,
    writeRate: rate('write-rate', values['write-rate']),
    readRate: rate('read-rate', values['read-rate']),
    leafSize: count('leaf-size', SMALLEST_LEAF, MAX_ENTRY_SIZE),
    duplicateChance: decimal('duplicate-chance', values['duplicate-chance'], 1),
    goal: values.goal === undefined ? undefined : integer('goal', values.goal, 1, 10_000_000),
    maxRuntimeMs: duration('max-runtime', values['max-runtime']),
    settleMs: duration('settle', values.settle),
    isOwned: values['i-own-this-server'],
    evidence: values.evidence ?? join(EVIDENCE, `hammer-${now.toISOString().slice(0, 19).replaceAll(':', '')}`),
    json: values.json,
  };
}

function vkeyOf(text: string | undefined, file: string | undefined): HammerCommand['vkey'] {
  if (text !== undefined && file === undefined) return { text };
  if (file !== undefined && text === undefined) return { file };
  throw usage("give the log's key, with either --vkey or --vkey-file: without it nothing can be checked");
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`--${name} takes an integer from ${least} to ${most}`);
}

function decimal(name: string, text: string, most: number): number {
  const value = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw usage(`--${name} takes a number from 0 to ${most}`);
}

function rate(name: string, text: string): number | undefined {
  const value = decimal(name, text, 1_000_000);
  return value === 0 ? undefined : value;
}

function duration(name: string, text: string): number {
  const [, digits, unit = 's'] = /^(\d{1,6})([smh])?$/.exec(text) ?? [];
  const ms = Number(digits) * UNITS_MS[unit as keyof typeof UNITS_MS];
  if (ms >= 1_000 && ms <= DAY_MS) return ms;
  throw usage(`--${name} takes a time from 1s to 24h, such as 90, 90s or 15m`);
}

/** An error that `runMain` takes for one of the command line. */
function usage(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' });
}
