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

/** Where a thread of its own finds a log's objects; plain data, since it is cloned. */
export type ReadPathPlace =
  /** A tlog-tiles tree in a folder. */
  | { readonly kind: 'directory'; readonly directory: string }
  /** A module that exports {@link ReadPathModule}, and what it is called with. */
  | { readonly kind: 'module'; readonly url: string; readonly place: unknown };

/** What such a module exports. */
export interface ReadPathModule {
  readPathOf(place: unknown): Promise<ReadPath>;
}

/** Opens the place in the thread that calls. */
export async function openReadPath(place: ReadPathPlace): Promise<ReadPath> {
  if (place.kind === 'directory') return readPathOfDirectory(place.directory);
  const module: ReadPathModule = await import(place.url);
  return module.readPathOf(place.place);
}
