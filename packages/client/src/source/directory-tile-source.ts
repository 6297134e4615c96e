import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError } from '../client-error.ts';
import { maxBytesAt, type SourcePath, type TileSource } from './tile-source.ts';

/**
 * A log in a directory of this machine: `checkpoint` and `tile/…` right below it. The directory may be in use by a
 * server: objects appear whole, and only partials that a full object replaces disappear.
 */
export function directoryTileSource(directory: string): TileSource {
  return {
    label: directory,
    async read(path, signal) {
      throwIfAborted(signal, path);
      const file = await openIfThere(join(directory, path), path);
      if (file === undefined) return undefined;
      try {
        return await readWhole(file, path);
      } finally {
        await file.close();
      }
    },
    async list(inner, signal) {
      throwIfAborted(signal, inner);
      try {
        const names = await readdir(join(directory, inner), { withFileTypes: true });
        const listed = names.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
        return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch (cause) {
        if (isAbsent(cause)) return undefined;
        throw new ClientError('io', `${inner === '' ? directory : inner} cannot be listed: ${codeOf(cause)}`, {
          cause,
        });
      }
    },
  };
}

async function openIfThere(file: string, path: SourcePath): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    if (isAbsent(cause)) return undefined;
    throw new ClientError('io', `${path} cannot be opened: ${codeOf(cause)}`, { cause });
  }
}

async function readWhole(file: FileHandle, path: SourcePath): Promise<Uint8Array> {
  const max = maxBytesAt(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new ClientError('io', `${path} is not a file`);
    if (stat.size > max) throw new ClientError('too-large', `${path} is larger than the ${max} bytes it can have`);
    const bytes = new Uint8Array(stat.size);
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) throw new ClientError('io', `${path} became shorter while it was read`);
      at += bytesRead;
    }
    return bytes;
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    throw new ClientError('io', `${path} cannot be read: ${codeOf(cause)}`, { cause });
  }
}

function throwIfAborted(signal: AbortSignal | undefined, path: string): void {
  if (signal?.aborted === true)
    throw new ClientError('aborted', `reading ${path} was given up`, { cause: signal.reason });
}

function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason';
}
