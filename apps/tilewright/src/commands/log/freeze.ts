import { hostname } from 'node:os';
import { isKeyName } from '@tilewright/core/note';
import type { Frozen, Log } from '@tilewright/log';
import { noteVerifierOf } from '@tilewright/signer';
import { fetchTransport, WitnessGroup } from '@tilewright/witness';
import { type Command, defineCommand } from '../../cli/command.ts';
import { CommandError } from '../../cli/command-error.ts';
import { programVersion } from '../../cli/version.ts';
import { eventLines } from '../../diagnostics/event-lines.ts';
import { logLines } from '../../diagnostics/log-lines.ts';
import type { FlagValues } from '../../flags/flag-table.ts';
import type { ResolvedFlags } from '../../flags/resolve-flags.ts';
import type { Findings } from '../../serve/config/findings.ts';
import { gcpFlags } from '../../serve/config/gcp-flags.ts';
import { signerFlags } from '../../serve/config/signer/signer-flags.ts';
import { signerPlace } from '../../serve/config/signer/signer-source.ts';
import { loadSigningKeys, type SigningKeys } from '../../serve/config/signer/signing-key.ts';
import { storageFlags } from '../../serve/config/storage-flags.ts';
import { type StoragePlace, storagePlace } from '../../serve/config/storage-place.ts';
import { witnessFlags } from '../../serve/config/witness/witness-flags.ts';
import { type WitnessSettings, witnessSettings } from '../../serve/config/witness/witness-settings.ts';
import { nodeClock } from '../../serve/storage/node-world.ts';
import { openForEnd } from '../../serve/storage/open-for-end.ts';
import { storageError } from '../../serve/storage/storage-error.ts';
import type { Io } from '../../terminal/io.ts';
import { jsonFlag } from '../../terminal/print-facts.ts';
import { tellEnd } from './tell-end.ts';

const CLOSE_MS = 30_000;
/** What cannot be finished now is finished by the next opening. */
const GIVE_UP_MS = 100;

const flags = {
  'storage-dir': {
    type: 'string',
    placeholder: 'DIRECTORY',
    default: '',
    help: 'Directory that holds the log, for --storage posix. No server may run on it.',
  },
  ...gcpFlags,
  hostname: storageFlags.hostname,
  ...signerFlags,
  ...witnessFlags,
  'witness-collect': {
    ...witnessFlags['witness-collect'],
    default: 'all',
    help: 'Whom the last checkpoint waits for: until every witness has answered, or until the policy is satisfied.',
  },
  timeout: {
    type: 'duration',
    default: '1m',
    min: '1s',
    max: '1h',
    help: 'How long the last checkpoint may take: with --witness-fail-open=false it waits for its witnesses.',
  },
  yes: { type: 'bool', default: false, help: 'Freeze the log. It can never take entries again.' },
  ...jsonFlag,
} as const;

/** `tilewright log freeze`. */
export const logFreeze: Command = defineCommand({
  name: 'log freeze',
  summary: 'End a log: publish its last checkpoint, which says that it takes nothing more',
  description:
    'Freezes a log for good. Everything that was sequenced is published, and then the last checkpoint: the same tree, with a line that says since when nothing is taken any more. Witnesses are asked to cosign that checkpoint too; those that do not are named. An ML-DSA-44 key does not sign it, because its signatures do not cover such lines.\n\nStop serve first; of a log in a bucket, replicas that still run take no more entries from then on. Afterwards serve answers reads of the log and refuses entries with 405, whatever its flags; any web server can show it. Running the command again changes nothing, finishes what was interrupted, and asks once more those witnesses that are missing where too few have cosigned.',
  usage:
    '--storage-dir <directory> | --gcp-bucket <bucket> --gcp-spanner <database> --signer-filepath <key file> --hostname <origin> --yes [flags]',
  examples: ['tilewright log freeze --storage-dir ./log --signer-filepath ./log-key.pem --hostname localhost --yes'],
  args: { min: 0, max: 0 },
  flags,
  configurable: true,
  async run({ resolved }, io) {
    const { values } = resolved;
    const { place, keys, witnesses } = await check(resolved, io);
    try {
      return await end(values, place, keys, witnesses, io);
    } finally {
      await keys.key.close?.();
    }
  },
});

interface Checked {
  readonly place: StoragePlace;
  readonly keys: SigningKeys;
  readonly witnesses: WitnessSettings | undefined;
}

/** The keys and witnesses that the flags name. @throws CommandError 'usage' */
async function check(resolved: ResolvedFlags<typeof flags>, io: Io): Promise<Checked> {
  const { values } = resolved;
  const found: Findings = { problems: [...resolved.problems], warnings: [...resolved.warnings] };
  const place = storagePlace(resolved, io.env, found);
  const origin = values.hostname || hostname() || 'localhost';
  if (!isKeyName(origin)) found.problems.push('--hostname: the origin must not hold white space or "+"');
  if (!values.yes) found.problems.push('a frozen log never takes entries again: say that you want that with --yes');
  const witnesses = witnessSettings(values, origin, found);
  const keys = await loadSigningKeys(
    {
      values,
      place: signerPlace(values, resolved.source('signer-filepath') === 'default'),
      passwordIsShown: resolved.source('signer-password') === 'flag',
      origin,
      storageDir: place?.kind === 'posix' ? place.dir : undefined,
      signal: io.signal,
    },
    found,
  );
  for (const warning of found.warnings) io.err(`warning: ${warning}`);
  if (keys !== undefined && place !== undefined && found.problems.length === 0) return { place, keys, witnesses };
  await keys?.key.close?.();
  throw new CommandError('usage', found.problems);
}

async function end(
  values: FlagValues<typeof flags>,
  place: StoragePlace,
  { key, additional }: SigningKeys,
  settings: WitnessSettings | undefined,
  io: Io,
): Promise<0> {
  const lines = logLines({ level: 'warn', format: 'text', write: io.err, nowMs: Date.now });
  const reasons = new Map<string, string>();
  const witnesses =
    settings &&
    new WitnessGroup({
      ...settings,
      origin: key.origin,
      logVerifier: key.verifier,
      verifierOf: noteVerifierOf,
      transport: fetchTransport(`tilewright/${programVersion()}`),
      clock: nodeClock,
      observe: ({ witness, reason }) => void reasons.set(witness, reason ?? 'cosigned, but not this checkpoint'),
    });
  const opening = openForEnd({ place, key, additionalSigner: additional, witnesses, events: eventLines(lines) });
  const { log, store } = await opening.catch((error: unknown) => {
    const told = storageError(error);
    if (!isLocked(error)) throw told;
    throw new CommandError('refused', `${told.message}; stop serve before the log is frozen`, { cause: error });
  });
  const frozen = await inTime(log, values.timeout, io.signal).catch(async (error: unknown) => {
    await log.close({ timeoutMs: GIVE_UP_MS });
    await store.close();
    throw storageError(error);
  });
  await log.close({ timeoutMs: CLOSE_MS });
  await store.close();
  tellEnd(frozen, { origin: log.origin, policy: settings?.policy, reasons, json: values.json }, io);
  return 0;
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'locked';
}

/** The end of the log, unless it takes too long or is interrupted. @throws CommandError, LogError */
async function inTime(log: Log, timeoutMs: number, signal: AbortSignal): Promise<Frozen> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const late = Promise.withResolvers<never>();
  const stop = (): void => {
    const { frozen, unready } = log.status();
    const state = frozen ? 'the log takes no more entries, but its last checkpoint is not published' : 'not frozen';
    const why = unready === undefined ? '' : ` (${unready})`;
    const when = signal.aborted ? 'interrupted' : `not done in ${timeoutMs} ms`;
    late.reject(new CommandError('failed', `${when}: ${state}${why}. Run log freeze again`));
  };
  if (over.aborted) stop();
  over.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([log.freeze(), late.promise]);
  } finally {
    over.removeEventListener('abort', stop);
  }
}
