import type { ReadPath } from './read-path.ts';

/** One object may take this part of the cache at most: bundles can have 16 MiB. */
const LARGEST_SHARE = 1 / 16;

/**
 * Keeps full tiles and bundles that were read lately, up to so many bytes: they never change, and monitors ask for the same
 * ones. A partial is read each time, because it may be gone. Whoever gets bytes MUST NOT change them.
 */
export function cachedTiles(readPath: ReadPath, maxBytes: number): ReadPath {
  const kept = new Map<string, Uint8Array>();
  let bytes = 0;

  function keep(path: string, tile: Uint8Array): void {
    if (tile.length > maxBytes * LARGEST_SHARE || kept.has(path)) return;
    kept.set(path, tile);
    bytes += tile.length;
    for (const [oldest, { length }] of kept) {
      if (bytes <= maxBytes) return;
      kept.delete(oldest);
      bytes -= length;
    }
  }

  return {
    checkpoint: () => readPath.checkpoint(),
    async tile(path) {
      const known = kept.get(path);
      if (known !== undefined) {
        // Last again: the map's order is the order of use.
        kept.delete(path);
        kept.set(path, known);
        return known;
      }
      const tile = await readPath.tile(path);
      if (tile !== undefined && !path.includes('.p/')) keep(path, tile);
      return tile;
    },
  };
}
