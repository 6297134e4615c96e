import { equalBytes, type Hash } from '@tilewright/core/bytes';
import { HASH_SIZE, leafHash } from '@tilewright/core/hash';
import { decodeEntryBundle } from '@tilewright/core/tiles';
import { ClientError } from '../client-error.ts';
import { TreeReader } from '../read/tree-reader.ts';
import { type Copy, readCut } from './compare-objects.ts';
import type { ObjectPlace } from './object-places.ts';
import type { MirrorDifference } from './report.ts';

/** Which copy of an object is not what the log signed: the tiles above it, in either copy, prove what belongs there. */
export async function whoIsWrong(
  a: Copy,
  b: Copy,
  place: ObjectPlace,
  signal: AbortSignal | undefined,
): Promise<MirrorDifference['wrong']> {
  const proven = (await provenHashes(a, place, signal)) ?? (await provenHashes(b, place, signal));
  if (proven === undefined) return 'unknown';
  const [rightA, rightB] = await Promise.all([a, b].map((copy) => isRight(copy, place, proven, signal)));
  if (rightA === rightB) return rightA ? 'unknown' : 'both';
  return rightA ? 'b' : 'a';
}

async function provenHashes(
  { source, tree }: Copy,
  { level, index, width }: ObjectPlace,
  signal: AbortSignal | undefined,
): Promise<readonly Hash[] | undefined> {
  try {
    return (await new TreeReader(source, tree).tile(level, index, signal)).slice(0, width);
  } catch (error) {
    if (
      error instanceof ClientError &&
      ['missing', 'malformed', 'inconsistent', 'too-large', 'io'].includes(error.code)
    )
      return undefined;
    throw error;
  }
}

async function isRight(
  copy: Copy,
  place: ObjectPlace,
  proven: readonly Hash[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const found = await readCut(copy, place, signal);
  if ('problem' in found) return false;
  const hashes =
    place.kind === 'entries'
      ? decodeEntryBundle(found.bytes, place.width).map((entry) => leafHash(entry))
      : proven.map((_, i) => found.bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
  return proven.every((hash, i) => equalBytes(hash, hashes[i] ?? new Uint8Array(0)));
}
