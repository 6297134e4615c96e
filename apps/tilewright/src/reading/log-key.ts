import { readFileSync } from 'node:fs';
import { type LogVerifier, noteVerifierFromPublicKey, noteVerifierFromVkey, SignerError } from '@tilewright/signer';
import { CommandError } from '../cli/command-error.ts';
import { readableFileProblem } from '../files/readable-file.ts';
import type { FlagValues } from '../flags/flag-table.ts';

/** The flags that name the key of a log that is read. */
export const logKeyFlags = {
  vkey: {
    type: 'string',
    placeholder: 'VKEY',
    help: "The log's verifier key, <origin>+<key id>+<key>: the server prints it at its start and serves it at /log-info.",
  },
  'public-key': {
    type: 'string',
    placeholder: 'FILE',
    help: "The log's public key (PEM or DER); together with --origin it can stand for --vkey.",
  },
  origin: {
    type: 'string',
    placeholder: 'NAME',
    help: "The log's origin, the first line of its checkpoint. Needed with --public-key.",
  },
  hostname: { type: 'string', placeholder: 'NAME', help: 'Another name of --origin, as serve calls it.' },
} as const;

/** The key that the flags name; `undefined` when they name none. */
export function readLogKey(values: FlagValues<typeof logKeyFlags>): LogVerifier | undefined {
  const { vkey, 'public-key': file } = values;
  const origin = values.origin ?? values.hostname;
  try {
    if (vkey !== undefined) {
      if (file !== undefined) throw new CommandError('usage', '--vkey and --public-key exclude each other');
      const key = noteVerifierFromVkey(vkey);
      if (origin === undefined || origin === key.origin) return key;
      throw new CommandError('usage', `--origin ${origin} is not the origin in --vkey, ${key.origin}`);
    }
    if (file === undefined) return undefined;
    if (origin === undefined)
      throw new CommandError('usage', '--public-key needs --origin: a key of a log belongs to its name');
    const unreadable = readableFileProblem('--public-key', file);
    if (unreadable !== undefined) throw new CommandError('usage', unreadable);
    return noteVerifierFromPublicKey(readFileSync(file), origin);
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    throw new CommandError('usage', `${vkey === undefined ? `--public-key ${file}` : '--vkey'}: ${error.message}`, {
      cause: error,
    });
  }
}

/** As {@link readLogKey}, for a command that can do nothing without a key. */
export function requireLogKey(values: FlagValues<typeof logKeyFlags>): LogVerifier {
  const key = readLogKey(values);
  if (key !== undefined) return key;
  throw new CommandError(
    'usage',
    'whose log? Give its key with --vkey, or with --public-key and --origin: a checkpoint proves nothing without one',
  );
}
