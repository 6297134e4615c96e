import { TLOG_TILES } from '@tilewright/core/tiles';

/** Limits and cadences of the engine. Sizes are entries or bytes, times milliseconds. */
export interface LogOptions {
  /**
   * A batch is sequenced at once when the previous one is durable, or, where `lingerMs` says so, when its first entry has
   * waited for others so long; it never holds more than this.
   */
  readonly batch: { readonly maxEntries: number; readonly maxBytes: number; readonly lingerMs?: number };
  /** Batches that may be on their way to the sequence store at one time. */
  readonly appendsInFlight: number;
  /** One integration step holds no more than this (and always at least one batch). */
  readonly step: { readonly maxEntries: number; readonly maxBytes: number };
  /** Under load a checkpoint is published this often, less often for a crowd; at once when every known waiter is in. */
  readonly publishIntervalMs: number;
  /**
   * What an entry is answered with: a checkpoint that is 'published', or one that is 'signed', of a tree that is durable,
   * and kept: it is published, or a larger one, within two intervals. Only for stores whose checkpoint may be replaced so
   * often and no more, and not with witnesses that have to cosign.
   */
  readonly answerAt: 'published' | 'signed';
  /** With `answerAt: 'signed'`, trees are signed ahead of publication no more often than this. */
  readonly answerIntervalMs: number;
  /** Entries taken in and not yet published; beyond it new ones are pushed back. */
  readonly outstanding: { readonly maxEntries: number; readonly maxBytes: number };
  /** Entries published and not yet in the persistent dedupe index; beyond it new ones are pushed back. */
  readonly dedupe: {
    readonly maxLag: number;
    readonly batch: number;
    readonly intervalMs: number;
    readonly recent: number;
  };
  /**
   * What becomes of an entry that the log holds already: 'join' answers with the index that it has, 'keep' gives it another
   * one; a dedupe index is then neither asked nor filled.
   */
  readonly duplicates: 'join' | 'keep';
  /**
   * When a published checkpoint is cosigned once more although nothing was added: a while after enough witnesses did, so
   * that it does not look old, and sooner where too few did.
   */
  readonly cosign: { readonly againMs: number; readonly lackingMs: number };
  /** How often superseded partial tiles are looked for. */
  readonly collectIntervalMs: number;
  /** First and longest pause before something that failed for want of room is tried again. */
  readonly retry: { readonly firstMs: number; readonly lastMs: number };
  /** An entry that was taken in and waits this long without any publication makes the log unready. */
  readonly lateAfterMs: number;
  /**
   * Levels of the tree that a tile spans, 1 to 8. It belongs to the log, not to the opening: always the same for one log.
   * Only 8 is tlog-tiles; others are for tests, which meet every boundary within a few entries of low tiles.
   */
  readonly tileHeight: number;
}

/** Defaults for one machine with its own disk. */
export const DEFAULT_LOG_OPTIONS: LogOptions = {
  batch: { maxEntries: 1024, maxBytes: 4 * 1024 * 1024 },
  appendsInFlight: 1,
  step: { maxEntries: 20 * 1024, maxBytes: 32 * 1024 * 1024 },
  publishIntervalMs: 20,
  answerAt: 'published',
  answerIntervalMs: 100,
  outstanding: { maxEntries: 4096, maxBytes: 64 * 1024 * 1024 },
  dedupe: { maxLag: 16_384, batch: 1500, intervalMs: 50, recent: 256 },
  duplicates: 'join',
  cosign: { againMs: 600_000, lackingMs: 10_000 },
  collectIntervalMs: 5_000,
  retry: { firstMs: 50, lastMs: 2_000 },
  lateAfterMs: 10_000,
  tileHeight: TLOG_TILES.height,
};
