import { readFileSync } from 'node:fs';
import { CommandError } from '../cli/command-error.ts';
import { readableFileProblem } from './readable-file.ts';

/** The text of the PEM file that a flag names. @throws CommandError 'usage' */
export function readablePem(flag: string, path: string): string {
  const unreadable = readableFileProblem(flag, path);
  if (unreadable !== undefined) throw new CommandError('usage', unreadable);
  return readFileSync(path, 'utf8');
}
