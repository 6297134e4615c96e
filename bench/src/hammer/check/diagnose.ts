import { encodeHex, equalBytes } from '@tilewright/core/bytes';
import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import type { Tree } from '@tilewright/core/merkle';
import { fetchEntries, type ReadObject, TreeReader } from '@tilewright/core/reader';
import { ENTRY_BUNDLES, parseTilePath, TILE_WIDTH, type TilePath, widthAt } from '@tilewright/core/tiles';
import type { Judge, ViolationKind } from './judge.ts';
import type { LeafWindow } from './leaf-window.ts';

/** The entries that were read do not make the tree that was signed. */
export interface RootMismatch {
  readonly read: ReadObject;
  readonly judge: Judge;
  readonly window: LeafWindow;
  /** The last checkpoint that agreed with the entries. */
  readonly earlier: OpenedCheckpoint;
  readonly checkpoint: OpenedCheckpoint;
  /** The first index that was read since. */
  readonly from: number;
}

/** Reports an object that a checkpoint, itself not in doubt, does not agree with. */
export async function blameObject(
  { read, judge }: Pick<RootMismatch, 'read' | 'judge'>,
  error: CoreError,
  { size, note }: OpenedCheckpoint,
): Promise<void> {
  const path = pathIn(error.message);
  const served = path && (await read(path).catch(() => undefined));
  judge.report(kindOf(error, path), `under the checkpoint of ${size} entries: ${error.message}`, {
    'checkpoint-later': note,
    ...(served && { 'object-served': served }),
  });
}

function kindOf(error: CoreError, path: TilePath | undefined): ViolationKind {
  if (error.code === 'missing') return 'missing-object';
  const isEntry = error.code === 'mismatch' && path !== undefined && parseTilePath(path).kind === 'entries';
  return isEntry ? 'wrong-entry' : 'wrong-object';
}

/** The first path that a message of the reader names. */
function pathIn(message: string): TilePath | undefined {
  const [text] = /tile\/[\w/.]*\w/.exec(message) ?? [];
  try {
    if (text !== undefined) parseTilePath(text);
    return text as TilePath | undefined;
  } catch {
    return undefined;
  }
}

/**
 * Says which is wrong, by the hash tiles as a third witness: when they agree with the checkpoint, an entry, or what was
 * read under earlier checkpoints; when they agree with the entries, the checkpoint; else they are themselves.
 */
export async function blameRoot(mismatch: RootMismatch): Promise<void> {
  const { read, window, checkpoint, from } = mismatch;
  const root = window.rootAt(checkpoint.size);
  if (root === undefined) return;
  const doubt = await errorOf(() => blameEntryOrFork(mismatch));
  if (doubt === undefined) return;
  const withEntries = await errorOf(() => readTiles(read, { size: checkpoint.size, root }, from));
  if (withEntries === undefined) reportFork(mismatch, 'the tiles and entries lead to another root');
  else await blameObject(mismatch, doubt, checkpoint);
}

async function readTiles(read: ReadObject, tree: Tree, from: number): Promise<void> {
  const reader = new TreeReader(read, tree, ENTRY_BUNDLES);
  for (let i = Math.floor(from / TILE_WIDTH); i * TILE_WIDTH < tree.size; i++) await reader.tile(0, i);
}

/** For tiles that lead to the checkpoint; throws when they do not. */
async function blameEntryOrFork(mismatch: RootMismatch): Promise<void> {
  const { read, judge, window, from, checkpoint } = mismatch;
  const reader = new TreeReader(read, checkpoint, ENTRY_BUNDLES);
  for (let i = Math.floor(from / TILE_WIDTH); i * TILE_WIDTH < checkpoint.size; i++) {
    const hashes = await reader.tile(0, i);
    const first = i * TILE_WIDTH;
    const offset = hashes.findIndex(
      (hash, j) => first + j >= from && !equalBytes(hash, window.leafAt(first + j) ?? hash),
    );
    if (offset < 0) continue;
    const bundle = { index: i, width: widthAt(0, i, checkpoint.size) };
    const { path, items } = await fetchEntries(read, ENTRY_BUNDLES, bundle);
    const served = items[offset];
    judge.report('wrong-entry', `${path} held at index ${first + offset} another entry than the signed tree`, {
      'checkpoint-later': checkpoint.note,
      index: String(first + offset),
      ...(served && { 'entry-served': served }),
      'leaf-hash-read': `${encodeHex(window.leafAt(first + offset) ?? new Uint8Array(0))}\n`,
      'leaf-hash-signed': `${encodeHex(hashes[offset] ?? new Uint8Array(0))}\n`,
    });
    return;
  }
  reportFork(mismatch, 'it has other entries before those that are new');
}

function reportFork({ judge, window, earlier, checkpoint }: RootMismatch, why: string): void {
  const message = `the checkpoint of ${checkpoint.size} entries does not continue the one of ${earlier.size}: ${why}`;
  judge.report('checkpoint-inconsistent', message, {
    'checkpoint-earlier': earlier.note,
    'checkpoint-later': checkpoint.note,
    'root-of-entries': `${encodeHex(window.rootAt(checkpoint.size) ?? new Uint8Array(0))}\n`,
  });
}

async function errorOf(task: () => Promise<void>): Promise<CoreError | undefined> {
  try {
    await task();
    return undefined;
  } catch (error) {
    if (error instanceof CoreError) return error;
    throw error;
  }
}
