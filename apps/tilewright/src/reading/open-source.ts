import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ClientError, directoryTileSource, httpTileSource, type TileSource } from '@tilewright/client';
import { CommandError } from '../cli/command-error.ts';
import { type BucketEnvironment, bucketSource } from './bucket-source.ts';

/** A log to be read, as a command line names it. */
export interface NamedLog {
  readonly source: TileSource;
  /** The directory, when it is one of this machine. */
  readonly directory: string | undefined;
}

/** Opens a URL, a bucket or a directory, which may be in use by a server. `env` may name an emulator of Cloud Storage. */
export function openSource(word: string, env: BucketEnvironment = {}): NamedLog {
  try {
    if (word.startsWith('gs://')) return { source: bucketSource(word, env), directory: undefined };
    if (/^https?:\/\//i.test(word)) {
      return { source: httpTileSource(word, { fetch }), directory: undefined };
    }
    const directory = word.startsWith('file://') ? fileURLToPath(word) : word;
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(directory))
      throw new CommandError('usage', `${word}: a log is an http, https or gs URL or a directory`);
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
