import { readFileSync } from 'node:fs';
import { isKeyName, type KeyedNoteSigner } from '@tilewright/core/note';
import { additionalSigner, type LogKey, loadSigner, SignerError } from '@tilewright/signer';
import { CommandError } from '../../../cli/command-error.ts';
import { readableFileProblem } from '../../../files/readable-file.ts';
import { clientLimit } from '../client-limits.ts';
import type { Findings } from '../findings.ts';
import {
  kmsOptions,
  readKeyFile,
  type SignerPlace,
  type SignerValues,
  signerSource,
  warnOfReaders,
  warnOfUnused,
} from './signer-source.ts';

/** Where the key is and how it is opened. */
export interface SigningKeyRequest {
  readonly values: SignerValues;
  /** `undefined` when no flag names one. */
  readonly place: SignerPlace | undefined;
  /** Whether the password stood on the command line. */
  readonly passwordIsShown: boolean;
  /** One that cannot be the name of a key is a problem already. */
  readonly origin: string;
  /** `undefined` when the storage directory is not known. */
  readonly storageDir: string | undefined;
  /** Ends the wait for a service. */
  readonly signal?: AbortSignal | undefined;
}

/** What a log signs with. */
export interface SigningKeys {
  readonly key: LogKey;
  readonly place: SignerPlace;
  /** Signs beside the key, where there is one. */
  readonly additional: KeyedNoteSigner | undefined;
}

/**
 * Loads the log's key; `undefined` and a problem when that fails. No message holds key or password. Services are asked
 * only when nothing else is wrong yet.
 * @throws CommandError 'failed' when it was interrupted
 */
export async function loadSigningKeys(request: SigningKeyRequest, found: Findings): Promise<SigningKeys | undefined> {
  const { values, place, origin, storageDir, signal } = request;
  if (place === undefined) {
    found.problems.push(
      'no key to sign with: name a key file with --signer-filepath, a key in a service with --signer-kmskey, or a keyset with --signer-tink-keyset-path',
    );
    return undefined;
  }
  if (!isKeyName(origin)) return undefined;
  warnOfUnused(values, place, found);
  const password = readPassword(request, found);
  const additional = loadAdditional(request, password, found);
  const source = signerSource(values, place, storageDir, found);
  if (source === undefined || (place !== 'file' && found.problems.length > 0)) return undefined;
  try {
    const opened = source.kind === 'file' ? { ...source, password } : source;
    const key = await loadSigner(opened, origin, kmsOptions(values, signal));
    const limit = clientLimit(key.keyDetails);
    if (limit !== undefined) found.warnings.push(limit);
    return { key, place, additional };
  } catch (error) {
    if (signal?.aborted) throw new CommandError('failed', 'interrupted while the key was loaded', { cause: error });
    if (!(error instanceof SignerError)) throw error;
    found.problems.push(`${flagAtFault(values, place, error)}: ${error.message}`);
    return undefined;
  }
}

function loadAdditional(
  { values, origin, storageDir }: SigningKeyRequest,
  password: Uint8Array | undefined,
  found: Findings,
): KeyedNoteSigner | undefined {
  const [flag, path] = ['--signer-additional-filepath', values['signer-additional-filepath']] as const;
  if (path === undefined || path === '') return undefined;
  const content = readKeyFile(flag, path, storageDir, found);
  if (content === undefined) return undefined;
  try {
    return additionalSigner(content, origin, password);
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    found.problems.push(`${flag}: ${path}: ${error.message}`);
    return undefined;
  }
}

/** Codes that tell of the key that encrypts the keyset, not of the keyset. */
const KEK_CODES: readonly string[] = ['kek-mismatch', 'bad-kek', 'bad-uri'];

function flagAtFault(values: SignerValues, place: SignerPlace, { code }: SignerError): string {
  if (place === 'file') return `--signer-filepath: ${values['signer-filepath']}`;
  if (place === 'kms') return '--signer-kmskey';
  const isKek = KEK_CODES.includes(code) || code.startsWith('kms-');
  return isKek ? '--signer-tink-kek-uri' : `--signer-tink-keyset-path: ${values['signer-tink-keyset-path']}`;
}

function readPassword({ values, passwordIsShown }: SigningKeyRequest, found: Findings): Uint8Array | undefined {
  const [password, file] = [values['signer-password'], values['signer-password-file']];
  if (passwordIsShown) {
    found.warnings.push(
      '--signer-password: everybody on this machine can read a command line; put the password into a file and name it with --signer-password-file',
    );
  }
  if (file === undefined) return password === undefined ? undefined : Buffer.from(password);
  const unreadable = readableFileProblem('--signer-password-file', file);
  if (unreadable !== undefined) found.problems.push(unreadable);
  if (password !== undefined) found.problems.push('--signer-password and --signer-password-file exclude each other');
  if (unreadable !== undefined) return undefined;
  warnOfReaders('--signer-password-file', file, found);
  const content = readFileSync(file);
  const end = content.at(-1) === 0x0a ? (content.at(-2) === 0x0d ? -2 : -1) : content.length;
  return content.subarray(0, end);
}
