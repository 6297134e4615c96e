import type { TilePath } from '../tiles/tile-path.ts';

declare global {
  // The platform's own: its types add the rest. This much is there where nothing else declares it.
  interface AbortSignal {
    readonly aborted: boolean;
  }
}

/** The platform's `AbortSignal`. It is handed to {@link ReadObject} as it comes. */
export type ReadSignal = AbortSignal;

/**
 * Where the public objects of a log are read from: a URL, a directory, an archive. Returns an object's bytes, and
 * `undefined` only when it does not exist; what it throws reaches the caller of the reader. Nothing that it returns is
 * trusted, so it should bound what it reads: a hash tile has 32 bytes a hash, an entry bundle at most 65537 an entry.
 */
export type ReadObject = (path: TilePath, signal?: ReadSignal) => Promise<Uint8Array | undefined>;
