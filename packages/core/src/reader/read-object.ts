import type { TilePath } from '../tiles/tile-path.ts';

/** The platform's `AbortSignal`, where there is one. It is handed to {@link ReadObject} as it comes. */
// biome-ignore lint/style/noRestrictedGlobals: the name of a type alone; nothing ambient is used
export type ReadSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean };

/**
 * Where the public objects of a log are read from: a URL, a directory, an archive. Returns an object's bytes, and
 * `undefined` only when it does not exist; what it throws reaches the caller of the reader. Nothing that it returns is
 * trusted, so it should bound what it reads: a hash tile has 32 bytes a hash, an entry bundle at most 65537 an entry.
 */
export type ReadObject = (path: TilePath, signal?: ReadSignal) => Promise<Uint8Array | undefined>;
