import type { FullTilePath, TilePath } from '@tilewright/core/tiles';

/**
 * Immutable objects: hash tiles and entry bundles, by their tlog-tiles path. There is no overwrite.
 * Every method may throw `LogError` 'storage-full' (nothing was stored; try again later) or 'storage-failed' (fatal).
 */
export interface ObjectStore {
  /**
   * Stores an object, whole or invisible. Other bytes at that path MUST throw `LogError` 'object-conflict' and keep both.
   * Where something is at the path, and is gone when its bytes are to be compared, throws 'not-found': it was collected,
   * or is damage; the engine finds out which.
   * MUST NOT keep a reference to `bytes` after it settled.
   */
  create(path: TilePath, bytes: Uint8Array): Promise<'created' | 'identical'>;
  /** When it returns, every create that returned before this call, 'identical' ones too, survives power loss. */
  sync(): Promise<void>;
  /** The object's bytes; `undefined` only when it is known to be absent: doubt throws. */
  read(path: TilePath, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /**
   * Removes the partials of a full object. MUST refuse ('not-found') unless the full object exists. Idempotent.
   * `widths`, 1 to 255 each, are those of all partials that there can be, where the caller knows them: a store that pays
   * for listings then removes these, and lists nothing. Any store may ignore them and look.
   */
  dropPartials(of: FullTilePath, widths?: readonly number[]): Promise<void>;
  /** Whether neither checkpoint nor tile exists: the guard of creation. */
  isEmpty(): Promise<boolean>;
}
