import { statSync } from 'node:fs';
import {
  type BucketPlace,
  checkTablePrefix,
  GcpError,
  parseBucketName,
  parseHost,
  parsePrefix,
  parseSpannerPath,
  parseStorageEmulatorHost,
  parseStorageEndpoint,
  type SpannerPlace,
} from '@tilewright/store-gcp/place';
import type { FlagValues } from '../../flags/flag-table.ts';
import type { FlagSource } from '../../flags/resolve-flags.ts';
import type { Findings } from './findings.ts';
import type { gcpFlags } from './gcp-flags.ts';

/** A log in a directory of this machine. */
export interface PosixPlace {
  readonly kind: 'posix';
  readonly dir: string;
}

/** A log in a bucket and a database. */
export interface GcpPlace {
  readonly kind: 'gcp';
  readonly bucket: BucketPlace;
  readonly spanner: SpannerPlace;
}

/** Where a log is. */
export type StoragePlace = PosixPlace | GcpPlace;

/** What tells where a log is. */
export type PlaceValues = FlagValues<typeof gcpFlags> & { readonly 'storage-dir': string };

/** The environment variables with which the tools of Google Cloud name their emulators. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** As it is called in a sentence. */
export function labelOf(place: StoragePlace): string {
  return place.kind === 'posix' ? place.dir : `gs://${place.bucket.bucket}/${place.bucket.prefix}`;
}

/** Where the log is; without it there is at least one problem. A default of `--storage-dir` gives way to a bucket. */
export function storagePlace(
  { values, source }: { readonly values: PlaceValues; readonly source: (flag: 'storage-dir') => FlagSource },
  env: Environment,
  found: Findings,
): StoragePlace | undefined {
  const isGcp = values.storage === 'gcp' || (values.storage === undefined && namesGcp(values));
  if (!isGcp) return posixPlace(values, found);
  if (source('storage-dir') !== 'default') found.problems.push('--storage-dir means nothing to --storage gcp');
  return gcpPlace(values, env, found);
}

function namesGcp(values: PlaceValues): boolean {
  return values['gcp-bucket'] !== '' || values['gcp-spanner'] !== '';
}

function posixPlace(values: PlaceValues, found: Findings): PosixPlace | undefined {
  const dir = values['storage-dir'];
  if (namesGcp(values)) found.problems.push('--gcp-bucket and --gcp-spanner mean nothing to --storage posix');
  if (dir === '') {
    found.problems.push('--storage-dir must be set, or --gcp-bucket and --gcp-spanner');
    return undefined;
  }
  const stat = statSync(dir, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory()) return { kind: 'posix', dir };
  found.problems.push(`--storage-dir: ${dir} is not a directory`);
  return undefined;
}

function gcpPlace(values: PlaceValues, env: Environment, found: Findings): GcpPlace | undefined {
  const bucket = bucketPlace(values, env, found);
  const spanner = spannerPlace(values, env, found);
  return bucket && spanner && { kind: 'gcp', bucket, spanner };
}

/** The flags that say which bucket. */
export type BucketValues = Pick<PlaceValues, 'gcp-bucket' | 'gcp-bucket-prefix' | 'gcp-storage-endpoint'>;

/** The bucket; without it there is at least one problem. */
export function bucketPlace(values: BucketValues, env: Environment, found: Findings): BucketPlace | undefined {
  const name = required('gcp-bucket', values['gcp-bucket'], found);
  const emulator = env.STORAGE_EMULATOR_HOST;
  const endpoint = values['gcp-storage-endpoint'];
  const bucket = name && parsed('--gcp-bucket', () => parseBucketName(name), found);
  const prefix = parsed('--gcp-bucket-prefix', () => parsePrefix(values['gcp-bucket-prefix']), found);
  const at =
    endpoint !== undefined
      ? parsed('--gcp-storage-endpoint', () => parseStorageEndpoint(endpoint), found)
      : isSet(emulator)
        ? parsed('STORAGE_EMULATOR_HOST', () => parseStorageEmulatorHost(emulator), found)
        : undefined;
  return bucket !== undefined && prefix !== undefined ? { bucket, prefix, endpoint: at } : undefined;
}

/** The flags that say which database. */
export type SpannerValues = Pick<PlaceValues, 'gcp-spanner' | 'gcp-spanner-table-prefix' | 'gcp-spanner-endpoint'>;

/** The database; without it there is at least one problem. */
export function spannerPlace(values: SpannerValues, env: Environment, found: Findings): SpannerPlace | undefined {
  const name = required('gcp-spanner', values['gcp-spanner'], found);
  const tablePrefix = values['gcp-spanner-table-prefix'];
  const endpoint = values['gcp-spanner-endpoint'];
  const emulator = isSet(env.SPANNER_EMULATOR_HOST) ? env.SPANNER_EMULATOR_HOST : undefined;
  const problems = found.problems.length;
  const database = name && parsed('--gcp-spanner', () => parseSpannerPath(name), found);
  parsed('--gcp-spanner-table-prefix', () => checkTablePrefix(tablePrefix), found);
  if (endpoint !== undefined) parsed('--gcp-spanner-endpoint', () => parseHost(endpoint), found);
  else if (emulator !== undefined) parsed('SPANNER_EMULATOR_HOST', () => parseHost(emulator), found);
  if (!database || found.problems.length > problems) return undefined;
  return { ...database, tablePrefix, endpoint, emulator: endpoint === undefined ? emulator : undefined };
}

function required(flag: string, value: string, found: Findings): string | undefined {
  if (value !== '') return value;
  found.problems.push(`--${flag} must be set for --storage gcp`);
  return undefined;
}

function parsed<T>(name: string, parse: () => T, found: Findings): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof GcpError)) throw error;
    found.problems.push(`${name}: ${error.message}`);
    return undefined;
  }
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
