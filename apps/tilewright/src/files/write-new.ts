import { existsSync, linkSync, lstatSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CommandError } from '../cli/command-error.ts';
import { syncDirectory, writeSynced } from './synced.ts';

/** A file that is to be made. */
export interface NewFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permissions, for example 0o600. */
  readonly mode: number;
}

/**
 * Makes files that are not there yet, each whole and synced, or none of them. What is there is never overwritten.
 * @throws CommandError `refused` when one is there; `failed` when one cannot be written
 */
export function writeNewFiles(files: readonly NewFile[]): void {
  const made: string[] = [];
  try {
    for (const { path, content, mode } of files) writeSynced(temporaryName(path), content, mode);
    for (const { path } of files) {
      // A link, not a rename: it appears whole, and never in the place of another.
      linkSync(temporaryName(path), path);
      made.push(path);
    }
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) syncDirectory(folder);
  } catch (error) {
    for (const path of made) rmSync(path, { force: true });
    throw writeError(error);
  } finally {
    for (const { path } of files) rmSync(temporaryName(path), { force: true });
  }
}

/**
 * Refuses files that are there, and one that is named twice, before anything is done that would be in vain.
 * @throws CommandError
 */
export function requireAbsent(paths: readonly string[]): void {
  if (new Set(paths.map((path) => resolve(path))).size < paths.length) {
    throw new CommandError('usage', 'two of the files to write are the same');
  }
  for (const path of paths) {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw exists(path);
    if (!existsSync(dirname(path))) {
      throw new CommandError('usage', `${path} cannot be written: there is no directory ${dirname(path)}`);
    }
  }
}

/** Where a file is written before it takes its name. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

/** What went wrong with a file, as a command says it. */
export function writeError(error: unknown): CommandError {
  const { code, path = '', dest = path, message } = error as NodeJS.ErrnoException & { dest?: string };
  if (code === 'EEXIST') return exists(dest);
  return new CommandError('failed', `${dest} cannot be written: ${message}`, { cause: error });
}

function exists(path: string): CommandError {
  return new CommandError(
    'refused',
    `${path} is there already, and is not overwritten; name another file, or move it away`,
  );
}
