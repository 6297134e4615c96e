import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TileSource } from '@tilewright/client';
import { emptyRightEdge, integrate, type RightEdge } from '@tilewright/core/builder';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import { signNote } from '@tilewright/core/note';
import type { LogKey } from '@tilewright/signer';

/** The public objects of a log, as tlog-tiles has them, and nothing else. */
export interface BuiltLog {
  readonly files: Map<string, Uint8Array>;
  readonly source: TileSource;
  readonly edge: RightEdge;
}

/** Entry `i` of every built log: of varying length, also empty. */
export function builtEntry(i: number): Uint8Array {
  return encodeUtf8(i % 97 === 96 ? '' : `entry ${i} ${'.'.repeat(i % 13)}`);
}

/** A log of `size` entries, or of those that `before` has and more; `extensions` are lines of its checkpoint. */
export async function builtLog(
  key: LogKey,
  size: number,
  options: {
    readonly entry?: (i: number) => Uint8Array;
    readonly before?: BuiltLog;
    readonly extensions?: readonly string[];
  } = {},
): Promise<BuiltLog> {
  const { entry = builtEntry, before, extensions = [] } = options;
  const files = new Map(before?.files);
  let edge = before?.edge ?? emptyRightEdge();
  if (size > edge.tree.size) {
    const entries = Array.from({ length: size - edge.tree.size }, (_, i) => entry(edge.tree.size + i));
    const leafHashes = new Uint8Array(32 * entries.length);
    for (const [i, data] of entries.entries()) leafHashes.set(leafHash(data), 32 * i);
    const grown = integrate(edge, { entries, leafHashes }, edge.tree.size);
    for (const { path, bytes } of grown.writes) files.set(path, bytes);
    edge = grown.edge;
  }
  const { tree } = edge;
  const text = formatCheckpoint({ origin: key.origin, size: tree.size, root: tree.root, extensions: [...extensions] });
  files.set('checkpoint', await signNote(text, [key.signer]));
  return { files, source: filesSource(files), edge };
}

/** A source over files in memory. */
export function filesSource(files: ReadonlyMap<string, Uint8Array>): TileSource {
  return { label: 'memory', read: async (path) => files.get(path) };
}

/** Writes a built log into a directory. */
export function writeLog({ files }: Pick<BuiltLog, 'files'>, directory: string): void {
  for (const [path, bytes] of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
