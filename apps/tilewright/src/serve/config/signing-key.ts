import { readFileSync, statSync } from 'node:fs';
import { type LogKey, loadSignerFile, SignerError } from '@tilewright/signer';
import { isInside } from '../../files/path-inside.ts';
import { readableFileProblem } from '../../files/readable-file.ts';
import type { Findings } from './findings.ts';

/** Where the key is and how it is opened. */
export interface SigningKeyFlags {
  readonly file: string;
  readonly password: string | undefined;
  /** Whether the password stood on the command line. */
  readonly passwordIsShown: boolean;
  readonly passwordFile: string | undefined;
  readonly origin: string;
  /** `undefined` when the storage directory is not known. */
  readonly storageDir: string | undefined;
}

/** Loads the log's key; `undefined` and a problem when that fails. No message holds key or password. */
export function loadSigningKey(flags: SigningKeyFlags, found: Findings): LogKey | undefined {
  const { file, storageDir } = flags;
  const unreadable = readableFileProblem('--signer-filepath', file);
  if (unreadable !== undefined) {
    found.problems.push(unreadable);
    return undefined;
  }
  if (storageDir !== undefined && isInside(file, storageDir)) {
    found.problems.push(
      `--signer-filepath: ${file} lies below --storage-dir: a web server for that directory would publish the key; move it elsewhere`,
    );
  }
  warnOfReaders('--signer-filepath', file, found);
  const password = readPassword(flags, found);
  try {
    return loadSignerFile(readFileSync(file), flags.origin, password);
  } catch (error) {
    if (!(error instanceof SignerError)) throw error;
    found.problems.push(`--signer-filepath: ${file}: ${error.message}`);
    return undefined;
  }
}

function readPassword(flags: SigningKeyFlags, found: Findings): Uint8Array | undefined {
  if (flags.passwordIsShown) {
    found.warnings.push(
      '--signer-password: everybody on this machine can read a command line; put the password into a file and name it with --signer-password-file',
    );
  }
  if (flags.passwordFile === undefined) return flags.password === undefined ? undefined : Buffer.from(flags.password);
  const unreadable = readableFileProblem('--signer-password-file', flags.passwordFile);
  if (unreadable !== undefined) found.problems.push(unreadable);
  if (flags.password !== undefined)
    found.problems.push('--signer-password and --signer-password-file exclude each other');
  if (unreadable !== undefined) return undefined;
  warnOfReaders('--signer-password-file', flags.passwordFile, found);
  return Buffer.from(readFileSync(flags.passwordFile, 'utf8').replace(/\r?\n$/, ''));
}

function warnOfReaders(flag: string, file: string, found: Findings): void {
  const mode = statSync(file).mode % 0o1000;
  if (process.platform === 'win32' || mode % 0o100 === 0) return;
  found.warnings.push(`${flag}: others than the owner can use ${file} (mode ${mode.toString(8)}): chmod 600 ${file}`);
}
