import { readFileSync, statSync } from 'node:fs';
import type { Cosigner } from '@tilewright/core/cosignature';
import { SignerError } from '@tilewright/signer';
import { cosignerFromKeyFile, requireOneWitness, WitnessError } from '@tilewright/witness/server';
import { readableFileProblem } from '../../files/readable-file.ts';
import type { Findings } from '../../serve/config/findings.ts';

/** Where the keys of a witness are. */
export interface KeyFileFlags {
  readonly files: readonly string[];
  readonly passwordFile: string | undefined;
  readonly name: string | undefined;
}

/** Loads the keys of a witness; `undefined` and a problem when one of them fails. No message holds key or password. */
export function loadCosigners({ files, passwordFile, name }: KeyFileFlags, found: Findings): Cosigner[] | undefined {
  const password = passwordFile === undefined ? undefined : readPassword(passwordFile, found);
  const cosigners = files.flatMap((file) => {
    const unreadable = readableFileProblem('--key-file', file);
    if (unreadable !== undefined) found.problems.push(unreadable);
    return unreadable === undefined ? (load(file, name, password, found) ?? []) : [];
  });
  if (cosigners.length < files.length) return undefined;
  try {
    requireOneWitness(cosigners);
    return cosigners;
  } catch (error) {
    if (!(error instanceof WitnessError)) throw error;
    found.problems.push(`--key-file: ${error.message}`);
    return undefined;
  }
}

function load(
  file: string,
  name: string | undefined,
  password: Uint8Array | undefined,
  found: Findings,
): Cosigner | undefined {
  warnOfReaders('--key-file', file, found);
  try {
    return cosignerFromKeyFile(readFileSync(file), name, password);
  } catch (error) {
    if (!(error instanceof SignerError || error instanceof WitnessError)) throw error;
    const hint = error.code === 'bad-key' && name === undefined ? ' with --name' : '';
    found.problems.push(`--key-file: ${file}: ${error.message}${hint}`);
    return undefined;
  }
}

function readPassword(file: string, found: Findings): Uint8Array | undefined {
  const unreadable = readableFileProblem('--key-password-file', file);
  if (unreadable !== undefined) {
    found.problems.push(unreadable);
    return undefined;
  }
  warnOfReaders('--key-password-file', file, found);
  return Buffer.from(readFileSync(file, 'utf8').replace(/\r?\n$/, ''));
}

function warnOfReaders(flag: string, file: string, found: Findings): void {
  const mode = statSync(file).mode % 0o1000;
  if (process.platform === 'win32' || mode % 0o100 === 0) return;
  found.warnings.push(`${flag}: others than the owner can use ${file} (mode ${mode.toString(8)}): chmod 600 ${file}`);
}
