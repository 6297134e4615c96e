import type { OpenedCheckpoint } from '@tilewright/core/checkpoint';
import { CoreError } from '@tilewright/core/error';
import { HASH_SIZE } from '@tilewright/core/hash';
import { decodeEntryBundle } from '@tilewright/core/tiles';
import { isObjectFault } from '../fsck/stored-objects.ts';
import type { TileSource } from '../source/tile-source.ts';
import { type ObjectPlace, pathOf, widthsOf } from './object-places.ts';
import type { MirrorDifference } from './report.ts';

/** One of the copies, and its verified checkpoint. */
export interface Copy {
  readonly source: TileSource;
  readonly tree: OpenedCheckpoint;
}

/** An object of a copy, cut to the width of a place; or why there is none. */
export type Cut = { readonly bytes: Uint8Array } | { readonly problem: string; readonly size?: number };

/** What differs between two copies of one object; nothing when they are equal and can be such an object. */
export async function compareObjects(
  a: Copy,
  b: Copy,
  place: ObjectPlace,
  signal: AbortSignal | undefined,
): Promise<Omit<MirrorDifference, 'wrong'> | undefined> {
  const [ofA, ofB] = await Promise.all([readCut(a, place, signal), readCut(b, place, signal)]);
  const path = pathOf(place, place.width);
  const sizes = { a: sizeOf(ofA), b: sizeOf(ofB) };
  if ('problem' in ofA || 'problem' in ofB) {
    const problems = [
      ['problem' in ofA ? ofA.problem : undefined, a],
      ['problem' in ofB ? ofB.problem : undefined, b],
    ] as const;
    const said = problems.flatMap(([problem, { source }]) =>
      problem === undefined ? [] : `${source.label}: ${problem}`,
    );
    return { path, what: said.join('; '), sizes };
  }
  const offset = firstDifferingByte(ofA.bytes, ofB.bytes);
  if (offset === undefined) return undefined;
  return { path, what: `the copies differ from byte ${offset} on (${sizes.a} and ${sizes.b} bytes)`, offset, sizes };
}

function sizeOf(cut: Cut): number | undefined {
  return 'bytes' in cut ? cut.bytes.length : cut.size;
}

function firstDifferingByte(a: Uint8Array, b: Uint8Array): number | undefined {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) if (a[at] !== b[at]) return at;
  return a.length === b.length ? undefined : shorter;
}

/** Reads the object at a place from a copy. What is the object's own fault is returned, not thrown. */
export async function readCut(
  { source, tree }: Copy,
  place: ObjectPlace,
  signal: AbortSignal | undefined,
): Promise<Cut> {
  try {
    for (const width of widthsOf(place, tree.size)) {
      const bytes = await source.read(pathOf(place, width), signal);
      if (bytes !== undefined) return cut(bytes, place, width);
    }
  } catch (error) {
    if (!isObjectFault(error)) throw error;
    return { problem: error.message };
  }
  return { problem: `${pathOf(place, place.width)} is missing` };
}

function cut(bytes: Uint8Array, place: ObjectPlace, width: number): Cut {
  const path = pathOf(place, width);
  const size = bytes.length;
  if (place.kind === 'hash') {
    if (size === width * HASH_SIZE) return { bytes: bytes.subarray(0, place.width * HASH_SIZE) };
    return { problem: `${path} has ${size} bytes, not the ${width * HASH_SIZE} of ${width} hashes`, size };
  }
  try {
    const last = decodeEntryBundle(bytes, width)[place.width - 1];
    return { bytes: bytes.subarray(0, last === undefined ? 0 : last.byteOffset - bytes.byteOffset + last.length) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { problem: `${path}: ${error.message}`, size };
  }
}
