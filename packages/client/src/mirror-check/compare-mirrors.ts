import { CoreError } from '@tilewright/core/error';
import type { NoteVerifier } from '@tilewright/core/note';
import { ahead } from '@tilewright/core/reader';
import { ClientError } from '../client-error.ts';
import { proveConsistencyFromSource } from '../read/prove.ts';
import { readCheckpoint } from '../read/read-checkpoint.ts';
import type { TileSource } from '../source/tile-source.ts';
import { type Copy, compareObjects } from './compare-objects.ts';
import { type ObjectPlace, placeAt, placesIn } from './object-places.ts';
import type { MirrorDifference, MirrorOptions, MirrorReport } from './report.ts';
import { whoIsWrong } from './who-is-wrong.ts';

/**
 * Compares two copies of one log: both checkpoints are verified, the larger is proved to continue the smaller, and every
 * bundle and tile up to the smaller one's size is compared byte for byte. A partial object that a copy has collected, or has
 * a wider one of, is cut from what there is. It ends at the first difference. Memory is bounded, whatever the size of the log.
 *
 * @returns what was found; a difference is never thrown
 * @throws ClientError `missing`, `malformed`, `untrusted` for a checkpoint; `network`, `timeout`, `http-status`, `aborted`: the
 *   comparison could not be done
 */
export async function compareMirrors(
  a: TileSource,
  b: TileSource,
  verifier: NoteVerifier,
  options: MirrorOptions = {},
): Promise<MirrorReport> {
  const { signal } = options;
  const [ofA, ofB] = await Promise.all([openCopy(a, verifier, signal), openCopy(b, verifier, signal)]);
  const size = Math.min(ofA.tree.size, ofB.tree.size);
  const compared = { entries: 0, bundles: 0, tiles: 0 };
  const report = (difference: MirrorDifference | undefined): MirrorReport => ({
    equal: difference === undefined,
    a: ofA.tree,
    b: ofB.tree,
    size,
    compared: { ...compared },
    ...(difference && { difference }),
  });
  const growth = await judgeGrowth(ofA, ofB, signal);
  if (growth?.forked) return report(growth.difference);
  const difference = await firstDifference(ofA, ofB, size, compared, options);
  return report(difference ?? growth?.difference);
}

async function openCopy(source: TileSource, verifier: NoteVerifier, signal: AbortSignal | undefined): Promise<Copy> {
  try {
    return { source, tree: await readCheckpoint(source, verifier, signal) };
  } catch (error) {
    if (!(error instanceof ClientError) || error.message.includes(source.label)) throw error;
    throw new ClientError(error.code, `${source.label}: ${error.message}`, { cause: error });
  }
}

/** Nothing where the larger tree continues the smaller. Damage that keeps this from being proved may yet be named more closely. */
async function judgeGrowth(
  a: Copy,
  b: Copy,
  signal: AbortSignal | undefined,
): Promise<{ readonly forked: boolean; readonly difference: MirrorDifference } | undefined> {
  const [small, large] = a.tree.size <= b.tree.size ? [a, b] : [b, a];
  try {
    await proveConsistencyFromSource(large.source, small.tree, large.tree, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof ClientError) || !DAMAGE.has(error.code)) throw error;
    const forked = error.cause instanceof CoreError && error.cause.code === 'proof-invalid';
    const what = forked ? `two trees were signed: ${error.message}` : `${large.source.label}: ${error.message}`;
    const wrong = forked ? 'unknown' : large === a ? 'a' : 'b';
    return { forked, difference: { path: 'checkpoint', what, wrong } };
  }
}

const DAMAGE: ReadonlySet<ClientError['code']> = new Set([
  'missing',
  'malformed',
  'inconsistent',
  'too-large',
  'io',
] as const);

async function firstDifference(
  a: Copy,
  b: Copy,
  size: number,
  compared: { entries: number; bundles: number; tiles: number },
  { signal, parallel = 8, progress }: MirrorOptions,
): Promise<MirrorDifference | undefined> {
  const compare = async (i: number): Promise<[ObjectPlace, Omit<MirrorDifference, 'wrong'> | undefined]> => {
    const place = placeAt(size, i);
    return [place, await compareObjects(a, b, place, signal)];
  };
  for await (const [place, difference] of ahead(placesIn(size), parallel, compare)) {
    if (difference !== undefined) return { ...difference, wrong: await whoIsWrong(a, b, place, signal) };
    if (place.kind === 'hash') compared.tiles += 1;
    else {
      compared.bundles += 1;
      compared.entries += place.width;
      progress?.({ entriesDone: compared.entries, entriesTotal: size });
    }
  }
  return undefined;
}
