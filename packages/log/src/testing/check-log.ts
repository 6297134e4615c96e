import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { leafHash } from '@tilewright/core/hash';
import type { NoteVerifier } from '@tilewright/core/note';
import { naiveTileLevels, naiveTree } from '@tilewright/core/testing';
import { bundlePath, decodeEntryBundle, TLOG_TILES, tilePath, tileShape } from '@tilewright/core/tiles';
import type { CheckpointStore, ObjectStore } from '../ports/index.ts';

/** What an outsider may see of a log. */
export interface VisibleLog {
  readonly origin: string;
  readonly verifier: NoteVerifier;
  readonly objects: Pick<ObjectStore, 'read'>;
  readonly checkpoints: Pick<CheckpointStore, 'read'>;
  /** The log's `LogOptions.tileHeight`: 8 unless given. */
  readonly tileHeight?: number | undefined;
}

/** The log as re-derived from its bytes. */
export interface CheckedLog {
  readonly size: number;
  readonly root: Hash;
  readonly entries: readonly Uint8Array[];
  readonly note: Uint8Array;
}

/** The object at `path`, or at the full path of the same tile where a partial was collected. */
async function visible(
  log: VisibleLog,
  path: (width: number) => string,
  width: number,
  full: number,
): Promise<[Uint8Array, number]> {
  for (const stored of width === full ? [full] : [width, full]) {
    const bytes = await log.objects.read(path(stored) as Parameters<ObjectStore['read']>[0]);
    if (bytes !== undefined) return [bytes, stored];
  }
  throw new Error(`checkLog: ${path(width)} is missing`);
}

/**
 * Re-verifies a whole log from its bytes, by the slow second algorithm: checkpoint signature, every entry bundle,
 * every hash tile, the root. Knows nothing of the engine. Throws at the first difference.
 */
export async function checkLog(log: VisibleLog): Promise<CheckedLog> {
  const shape = tileShape(log.tileHeight ?? TLOG_TILES.height);
  const { width: full } = shape;
  const stored = await log.checkpoints.read();
  if (stored === undefined) throw new Error('checkLog: there is no checkpoint');
  const { size, root } = openCheckpoint(stored.note, log.origin, log.verifier);
  const entries: Uint8Array[] = [];
  for (let index = 0; index * full < size; index++) {
    const width = Math.min(full, size - index * full);
    const [bytes, found] = await visible(log, (w) => bundlePath({ index, width: w }, shape), width, full);
    entries.push(...decodeEntryBundle(bytes, found).slice(0, width));
  }
  const leaves = entries.map((entry) => leafHash(entry));
  const tree = naiveTree(leaves);
  if (!equalBytes(tree.root(0, size), root))
    throw new Error(`checkLog: the entries do not hash to the root of size ${size}`);
  for (const [level, hashes] of naiveTileLevels(leaves, full).entries()) {
    for (let index = 0; index * full < hashes.length; index++) {
      const width = Math.min(full, hashes.length - index * full);
      const [bytes] = await visible(log, (w) => tilePath({ level, index, width: w }, shape), width, full);
      for (let at = 0; at < width; at++) {
        const expected = hashes[index * full + at];
        if (expected === undefined || !equalBytes(bytes.subarray(at * 32, at * 32 + 32), expected)) {
          throw new Error(`checkLog: hash ${at} of tile ${level}/${index} is wrong`);
        }
      }
    }
  }
  return { size, root, entries, note: stored.note };
}
