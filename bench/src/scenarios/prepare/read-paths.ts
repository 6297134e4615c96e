import { bundlePath, bundlesBetween, type TileId, tilePath, tilesBetween, tilesForSize } from '@tilewright/core/tiles';
import type { ReadPath } from '../settings.ts';

/** Turns of the list; each has every kind of file in it that the log has. */
const TURNS = 500;

/**
 * What clients of a log of `size` entries read, in the order in which they are to be asked for: the checkpoint, a hash
 * tile, an entry bundle and a partial tile in turn, spread over the whole log.
 * @param prefix what tlog-tiles paths are appended to; ends with a slash
 */
export function readPaths(size: number, prefix: string): ReadPath[] {
  const at = (path: string): string => `${prefix}${path}`;
  const tile = (id: TileId): string => at(tilePath(id));
  const full = 256;
  const tiles = tilesBetween(0, size).filter(({ width }) => width === full);
  const bundles = bundlesBetween(0, size).filter(({ width }) => width === full);
  const partials: ReadPath[] = tilesForSize(size)
    .filter(({ width }) => width < full)
    .map((id) => ({ kind: 'partial', path: tile(id), full: tile({ ...id, width: full }) }));
  const lastBundle = bundlesBetween(0, size).find(({ width }) => width < full);
  if (lastBundle !== undefined) {
    const whole = at(bundlePath({ ...lastBundle, width: full }));
    partials.push({ kind: 'partial', path: at(bundlePath(lastBundle)), full: whole });
  }
  const paths: ReadPath[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    paths.push({ kind: 'checkpoint', path: at('checkpoint') });
    const hash = spread(tiles, turn);
    if (hash !== undefined) paths.push({ kind: 'tile', path: tile(hash) });
    const bundle = spread(bundles, turn);
    if (bundle !== undefined) paths.push({ kind: 'bundle', path: at(bundlePath(bundle)) });
    const partial = spread(partials, turn);
    if (partial !== undefined) paths.push(partial);
  }
  return paths;
}

/** Steps by a prime: neighbours in time are not neighbours in the log. */
function spread<T>(items: readonly T[], turn: number): T | undefined {
  return items[(turn * 7919) % Math.max(1, items.length)];
}
