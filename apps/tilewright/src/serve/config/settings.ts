import { hostname } from 'node:os';
import { isKeyName, type KeyedNoteSigner } from '@tilewright/core/note';
import { checkAlgorithmFlags, EntryError } from '@tilewright/rekor-entry';
import type { LogKey } from '@tilewright/signer';
import type { FlagValues } from '../../flags/flag-table.ts';
import type { ResolvedFlags } from '../../flags/resolve-flags.ts';
import { answerFlags, checkAnswers } from './answer-flags.ts';
import type { Findings } from './findings.ts';
import { gcpFlags } from './gcp-flags.ts';
import { listenerFlags } from './listener-flags.ts';
import { serviceFlags } from './service-flags.ts';
import { signerFlags } from './signer/signer-flags.ts';
import { type SignerPlace, signerPlace } from './signer/signer-source.ts';
import { loadSigningKeys } from './signer/signing-key.ts';
import { storageFlags } from './storage-flags.ts';
import { type Environment, type StoragePlace, storagePlace } from './storage-place.ts';
import { type TlsFiles, tlsFiles } from './tls-files.ts';
import { witnessFlags } from './witness/witness-flags.ts';
import { type WitnessSettings, witnessSettings } from './witness/witness-settings.ts';

const table = {
  ...storageFlags,
  ...gcpFlags,
  ...answerFlags,
  ...signerFlags,
  ...witnessFlags,
  ...listenerFlags,
  ...serviceFlags,
} as const;

/** Every flag of `serve`. */
export const serveFlags: typeof storageFlags &
  typeof gcpFlags &
  typeof answerFlags &
  typeof signerFlags &
  typeof witnessFlags &
  typeof listenerFlags &
  typeof serviceFlags = table;

/** The values of `serve`'s flags, durations in milliseconds. */
export type ServeValues = FlagValues<typeof serveFlags>;

/** The checked configuration of one server. */
export interface ServeSettings {
  readonly values: ServeValues;
  readonly place: StoragePlace;
  readonly origin: string;
  readonly key: LogKey;
  readonly keyPlace: SignerPlace;
  /** Signs beside the key, where there is one. */
  readonly additionalSigner: KeyedNoteSigner | undefined;
  /** A raw log's, unless it was asked to know them. */
  readonly keepsDuplicates: boolean;
  readonly witnesses: WitnessSettings | undefined;
  readonly httpTls: TlsFiles | undefined;
  readonly grpcTls: TlsFiles | undefined;
}

/**
 * Checks what no single flag shows, and loads the key. Without settings there is at least one problem.
 * @param signal ends the wait for a service that keeps the key
 * @param env names emulators of cloud services
 * @throws CommandError 'failed' when it was interrupted
 */
export async function checkSettings(
  resolved: ResolvedFlags<typeof serveFlags>,
  signal?: AbortSignal,
  env: Environment = {},
): Promise<Findings & { settings?: ServeSettings }> {
  const found: Findings = { problems: [...resolved.problems], warnings: [] };
  const place = storagePlace(resolved, env, found);
  const values = { ...resolved.values, ...otherDefaults(resolved, place) };
  const origin = values.hostname || hostname() || 'localhost';
  if (!isKeyName(origin)) {
    found.problems.push('--hostname: the origin must not hold white space or "+"');
  } else if (/[:/]/.test(origin)) {
    found.warnings.push(
      `--hostname ${origin}: Sigstore clients look for the bare host name of the log's URL, without scheme, port or path`,
    );
  }
  if (values['identity-mode']) {
    found.problems.push('--identity-mode is not supported: the log would take other entries than you ask for');
  }
  if (values['request-response-logging'] && values['log-level'] !== 'debug') {
    found.warnings.push('--request-response-logging has no effect without --log-level=debug');
  }
  if (values['http-workers'] > 1 && resolved.source('verify-workers') !== 'default') {
    found.warnings.push(
      '--verify-workers has no effect with --http-workers above 1: those check signatures themselves',
    );
  }
  if (values['checkpoint-interval'] >= values['server-timeout']) {
    found.warnings.push(
      '--checkpoint-interval is not shorter than --server-timeout: under load, submissions time out before they are answered',
    );
  }
  const isRaw = values.personality === 'raw';
  const keepsDuplicates =
    isRaw && (resolved.source('persistent-antispam') === 'default' || !values['persistent-antispam']);
  if (isRaw) checkRaw(resolved, found);
  checkAlgorithms(values['client-signing-algorithms'], found);
  checkPorts(resolved, found);
  checkPace(values['checkpoint-interval'], place, found);
  const witnesses = witnessSettings(values, origin, found);
  checkAnswers(values, resolved.source, place, witnesses, found);
  const httpTls = tlsFiles('http', values['http-tls-cert-file'], values['http-tls-key-file'], found.problems);
  const grpcTls = tlsFiles('grpc', values['grpc-tls-cert-file'], values['grpc-tls-key-file'], found.problems);
  const keys = await loadSigningKeys(
    {
      values,
      place: signerPlace(values, resolved.source('signer-filepath') === 'default'),
      passwordIsShown: resolved.source('signer-password') === 'flag',
      origin,
      storageDir: place?.kind === 'posix' ? place.dir : undefined,
      signal,
    },
    found,
  );
  if (found.problems.length > 0 || keys === undefined || place === undefined) {
    await keys?.key.close?.();
    return found;
  }
  const { key, place: keyPlace, additional: additionalSigner } = keys;
  const settings = {
    values,
    place,
    origin,
    key,
    keyPlace,
    additionalSigner,
    keepsDuplicates,
    witnesses,
    httpTls,
    grpcTls,
  };
  return { ...found, settings: Object.freeze(settings) };
}

/**
 * Nobody waits for the checkpoints of a raw log: fewer of them leave the disk to the entries, of which more may then wait.
 * Milliseconds, entries.
 */
const RAW_DEFAULTS = { 'checkpoint-interval': 200, 'pushback-max-outstanding': 16_384 } as const;

/** Each checkpoint is a request to every witness, many of which serve many logs. */
const WITNESSED_DEFAULTS = { 'checkpoint-interval': 1000 } as const;

/** An object of Cloud Storage may be replaced once a second, and no faster. Milliseconds. */
const BUCKET_INTERVAL_MS = 1100;

/** Replicas answer at their checkpoints, which are rarer: more entries wait, and share a transaction. */
const GCP_DEFAULTS = {
  'checkpoint-interval': BUCKET_INTERVAL_MS,
  'pushback-max-outstanding': 16_384,
  'batch-max-size': 1024,
  'batch-max-age': 50,
} as const;

/** What flags are that were not given, where others make their defaults unfit. */
function otherDefaults(
  { values, source }: ResolvedFlags<typeof serveFlags>,
  place: StoragePlace | undefined,
): Partial<ServeValues> {
  const defaults = {
    ...(values.personality === 'raw' ? RAW_DEFAULTS : {}),
    ...(values['witness-policy-path'] === undefined ? {} : WITNESSED_DEFAULTS),
    ...(place?.kind === 'gcp' ? GCP_DEFAULTS : {}),
  };
  const isDefault = ([flag]: [string, number]) => source(flag as keyof ServeValues) === 'default';
  return Object.fromEntries(Object.entries(defaults).filter(isDefault));
}

function checkPace(intervalMs: number, place: StoragePlace | undefined, found: Findings): void {
  if (place?.kind !== 'gcp' || intervalMs >= BUCKET_INTERVAL_MS) return;
  found.problems.push('--checkpoint-interval: Cloud Storage lets an object be replaced once a second: at least 1.1s');
}

/** Flags that say something about entries of Rekor. */
const REKOR_FLAGS = ['accept-dsse', 'client-signing-algorithms', 'on-duplicate', 'verify-workers'] as const;

function checkRaw(resolved: ResolvedFlags<typeof serveFlags>, found: Findings): void {
  for (const flag of REKOR_FLAGS) {
    if (resolved.source(flag) !== 'default') found.problems.push(`--${flag} means nothing to --personality raw`);
  }
}

function checkPorts({ values, usable }: ResolvedFlags<typeof serveFlags>, found: Findings): void {
  const listeners = [
    ['http-port', values['http-address']],
    ['http-metrics-port', values['http-address']],
    ...(values.personality === 'raw' ? [] : [['grpc-port', values['grpc-address']] as const]),
  ] as const;
  for (const [i, [first, firstAddress]] of listeners.entries()) {
    for (const [second, secondAddress] of listeners.slice(i + 1)) {
      if (!usable(first, second) || values[first] !== values[second] || !overlap(firstAddress, secondAddress)) continue;
      found.problems.push(
        `--${first} and --${second} are both ${values[first]}: each listener needs a port of its own`,
      );
    }
  }
}

function checkAlgorithms(names: readonly string[], found: Findings): void {
  if (names.length === 0) found.problems.push('--client-signing-algorithms must name at least one algorithm');
  try {
    checkAlgorithmFlags(names);
  } catch (error) {
    if (!(error instanceof EntryError)) throw error;
    found.problems.push(error.message);
  }
}

function overlap(a: string, b: string): boolean {
  const everywhere = ['', '0.0.0.0', '::'];
  return a === b || everywhere.includes(a) || everywhere.includes(b);
}
