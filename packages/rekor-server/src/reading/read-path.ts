import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { TilePath } from '@tilewright/core/tiles';
import type { CheckpointStore, ObjectStore } from '@tilewright/log/ports';

/** Where served bytes come from. `undefined` only when the object is known to be absent: doubt throws. */
export interface ReadPath {
  checkpoint(): Promise<Uint8Array | undefined>;
  /** A path that `parseTilePath` accepted. */
  tile(path: TilePath): Promise<Uint8Array | undefined>;
}

/** Serves what the log's stores hold. */
export function readPathOfStores(objects: ObjectStore, checkpoints: CheckpointStore): ReadPath {
  return {
    checkpoint: async () => (await checkpoints.read())?.note,
    tile: (path) => objects.read(path),
  };
}

/** Codes of a path that leads to no file: absent, or a file where a folder is expected. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

async function readFileOrAbsent(path: string): Promise<Uint8Array | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return undefined;
    throw error;
  }
  try {
    const facts = await file.stat();
    return facts.isFile() ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}

/** Serves a tlog-tiles tree in a folder, without opening the log: for a read-only server. */
export function readPathOfDirectory(directory: string): ReadPath {
  return {
    checkpoint: () => readFileOrAbsent(join(directory, 'checkpoint')),
    tile: (path) => readFileOrAbsent(join(directory, path)),
  };
}
