/** What Tessera's driver for Spanner and Cloud Storage asks of them, as its code says: none of it was measured. */
export interface ModelledOperations {
  /** Calls of Spanner a second. */
  readonly spannerCalls: number;
  /** Objects written a second, checkpoints included. */
  readonly objects: number;
  /** Objects read a second. */
  readonly reads: number;
}

/** Of a batch: how many at most, and how long the first waits. */
const BATCH = { entries: 256, seconds: 0.25 };
const CHECKPOINT_SECONDS = 10;
/** `updateStats` reads two numbers every 100 ms, a follower's statistics another two every 200 ms. */
const STATISTICS = { log: 20, follower: 10 };
/** A reading, and the commit behind it. */
const TRANSACTION = 2;
/** The integrator's and the follower's tickers open a transaction a second each, with or without work. */
const TICKERS = 2 * TRANSACTION;
/** Rekor asks for the checkpoint once a second. */
const AWAITER = 1;
/** A sequenced batch: one reading, one transaction. An integration: one reading, and a transaction of two readings. */
const CALLS_OF_BATCH = 1 + TRANSACTION;
const CALLS_OF_INTEGRATION = 1 + TRANSACTION + 1;
const CALLS_OF_PUBLICATION = 1 + TRANSACTION;
/** An integration reads the last bundle and two levels of the right edge. */
const READS_OF_INTEGRATION = 3;
const TILE = 256;

/** One server at its defaults, persistent antispam on, that takes so many entries a second; 0 is an idle one. */
export function tesseraOperations(rate: number): ModelledOperations {
  const idle = STATISTICS.log + STATISTICS.follower + TICKERS;
  if (rate === 0) return { spannerCalls: idle, objects: 0, reads: AWAITER };
  const entries = Math.min(BATCH.entries, Math.max(1, rate * BATCH.seconds));
  const batches = rate / entries;
  const publications = Math.min(batches, 1 / CHECKPOINT_SECONDS);
  // An identity that is looked up for each entry.
  const lookups = rate;
  return {
    spannerCalls:
      idle + lookups + batches * (CALLS_OF_BATCH + CALLS_OF_INTEGRATION) + publications * CALLS_OF_PUBLICATION,
    objects: batches * objectsOfIntegration(entries) + publications,
    reads: AWAITER + batches * READS_OF_INTEGRATION,
  };
}

/**
 * Bundles, tiles and the tile above them that an integration of `entries` writes, on average over where it begins: each
 * bundle that it touches, its tile, and one tile of the next level where a tile became full.
 */
export function objectsOfIntegration(entries: number): number {
  const bundles = 1 + (entries - 1) / TILE;
  return 2 * bundles + Math.min(1, entries / TILE);
}
