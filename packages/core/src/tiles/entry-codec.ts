import type { Hash } from '../bytes/hash-value.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { decodeEntryBundle } from './entry-bundle.ts';
import type { BundleId } from './tile-id.ts';
import { bundlePath, type TilePath } from './tile-path.ts';

/**
 * How a log stores its entries: where the run of entries of a level-0 tile is, what it looks like, and what of an entry
 * the tree holds. `DATA_TILES` of `./static-ct` is another one (tlog-tiles, "Log Entries").
 */
export interface EntryCodec<E> {
  /** Path of a run of 1 … 256 entries; that of width 256 is the full one's. */
  path(bundle: BundleId): TilePath;
  /**
   * The entries of a run of `width` entries.
   * @throws CoreError `malformed`
   */
  decode(bytes: Uint8Array, width: number): readonly E[];
  /** The Merkle leaf hash of an entry. */
  leafHash(entry: E): Hash;
}

/** Entry bundles as tlog-tiles has them: each entry is its bytes. */
export const ENTRY_BUNDLES: EntryCodec<Uint8Array> = {
  path: (bundle) => bundlePath(bundle),
  decode: decodeEntryBundle,
  leafHash: (entry) => leafHash(entry),
};
