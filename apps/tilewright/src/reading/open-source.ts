import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ClientError, directoryTileSource, httpTileSource, type TileSource } from '@tilewright/client';
import { CommandError } from '../cli/command-error.ts';

/** A log to be read, as a command line names it. */
export interface NamedLog {
  readonly source: TileSource;
  /** The directory, when it is one of this machine. */
  readonly directory: string | undefined;
}

/** Opens a URL or a directory, which may be in use by a server. */
export function openSource(word: string): NamedLog {
  try {
    if (/^https?:\/\//i.test(word)) {
      return { source: httpTileSource(word, { fetch }), directory: undefined };
    }
    const directory = word.startsWith('file://') ? fileURLToPath(word) : word;
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(directory))
      throw new CommandError('usage', `${word}: a log is an http or https URL or a directory`);
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new CommandError('usage', `there is no directory ${directory}`);
    }
    return { source: directoryTileSource(directory), directory };
  } catch (error) {
    if (error instanceof ClientError) throw new CommandError('usage', `${word}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Runs what reads a log; its failures become a finding. */
export async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClientError) throw new CommandError('failed', error.message, { cause: error });
    throw error;
  }
}
