import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { leafHash } from '@tilewright/core/hash';
import { ahead } from '@tilewright/core/reader';
import {
  bundlePath,
  decodeEntryBundle,
  decodeHashTile,
  TILE_WIDTH,
  type TilePath,
  tilePath,
} from '@tilewright/core/tiles';
import type { TileSource } from '../source/tile-source.ts';
import type { MaybeHash } from './judge-tile.ts';
import type { Findings } from './report.ts';
import { isObjectFault } from './stored-objects.ts';

/** A tile or bundle whose right content is known, as far as it is. */
export interface KnownObject {
  /** Path of the object with a given width. */
  readonly pathAt: (width: number) => TilePath;
  /** Width in the checkpoint's tree. */
  readonly width: number;
  /** First position at which stored bytes differ from the truth, among the first `width`; undefined for none. */
  readonly firstDifference: (bytes: Uint8Array, width: number) => number | undefined;
}

const PARALLEL_READS = 8;

/** What is known of a hash tile. */
export function knownTile(level: number, index: number, hashes: readonly MaybeHash[]): KnownObject {
  return {
    pathAt: (width) => tilePath({ level, index, width }),
    width: hashes.length,
    firstDifference: (bytes, width) => firstDifference(decodeHashTile(bytes, width), hashes, (hash) => hash),
  };
}

/**
 * What is known of a bundle: its leaf hashes, and the good entries, which save hashing the same bytes again.
 * @param entries of the bundle as stored; those whose hash was wrong are not believed
 */
export function knownBundle(
  index: number,
  hashes: readonly MaybeHash[],
  entries: readonly Uint8Array[] | undefined,
  wrongEntries: readonly number[],
): KnownObject {
  const wrong = new Set(wrongEntries);
  const hashOf = (entry: Uint8Array, i: number): Hash | undefined => {
    const good = wrong.has(i) ? undefined : entries?.[i];
    return good !== undefined && equalBytes(good, entry) ? hashes[i] : leafHash(entry);
  };
  return {
    pathAt: (width) => bundlePath({ index, width }),
    width: hashes.length,
    firstDifference: (bytes, width) => firstDifference(decodeEntryBundle(bytes, width), hashes, hashOf),
  };
}

/**
 * Compares every other copy of an object that a directory holds with what is known: partials that were not collected,
 * and, of the last object of a level, wider ones that are not published yet. Sources that cannot list have none.
 *
 * @param alreadyRead path of the copy that was judged before
 */
export async function checkLeftovers(
  source: TileSource,
  known: KnownObject,
  alreadyRead: TilePath,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (source.list === undefined) return;
  const names = (await source.list(`${known.pathAt(TILE_WIDTH)}.p`, signal)) ?? [];
  const widths = names.map(({ name }) => (/^[1-9][0-9]{0,2}$/.test(name) ? Number(name) : 0));
  const others = widths
    .filter((width) => width > 0 && width < TILE_WIDTH && width !== known.width)
    .sort((a, b) => a - b);
  // The full object, while the tree has only a part of it.
  if (known.width < TILE_WIDTH && alreadyRead !== known.pathAt(TILE_WIDTH)) others.push(TILE_WIDTH);
  const copies = ahead(others.length, PARALLEL_READS, async (i) => {
    const width = others[i] ?? 0;
    return { width, bytes: await readCopy(source, known.pathAt(width), findings, signal) };
  });
  for await (const { width, bytes } of copies) {
    // A partial may be collected at any time, once the full object is there.
    if (bytes === undefined) continue;
    findings.checked.partials += 1;
    const problem = compare(known, bytes, width);
    if (problem !== undefined) findings.damage(known.pathAt(width), problem);
  }
}

async function readCopy(
  source: TileSource,
  path: TilePath,
  findings: Findings,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  try {
    return await source.read(path, signal);
  } catch (error) {
    if (!isObjectFault(error)) throw error;
    findings.damage(path, error.message);
    return undefined;
  }
}

function compare(known: KnownObject, bytes: Uint8Array, width: number): string | undefined {
  try {
    const position = known.firstDifference(bytes, width);
    return position === undefined ? undefined : `differs from the signed tree at position ${position}`;
  } catch (error) {
    if (error instanceof CoreError) return error.message;
    throw error;
  }
}

function firstDifference<T>(
  items: readonly T[],
  hashes: readonly MaybeHash[],
  hashOf: (item: T, i: number) => MaybeHash,
): number | undefined {
  for (const [i, expected] of hashes.entries()) {
    const item = items[i];
    if (item === undefined) return undefined;
    const actual = hashOf(item, i);
    if (expected !== undefined && actual !== undefined && !equalBytes(actual, expected)) return i;
  }
  return undefined;
}
