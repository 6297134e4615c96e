import { ConnectionPool } from '../net/connection-pool.ts';
import { Gate } from '../net/gate.ts';
import { MAX_OBJECT_BYTES } from '../net/log-reads.ts';
import { resolveAddress } from './address.ts';

/** The connections of a run. */
export interface Pools {
  readonly writes: ConnectionPool;
  readonly reads: ConnectionPool;
}

/** An answer with an entry of 64 KiB in base64, a proof and a checkpoint. */
const MAX_ANSWER_BYTES = 4 * 2 ** 20;
const TIMEOUT_MS = 30_000;
/** Fewer than any listener's queue holds. */
const OPENING = 64;

/**
 * Finds out where to write and where to read.
 * @throws Refused as `resolveAddress`
 */
export async function openPools(url: string, readUrl: string | undefined, isOwned: boolean): Promise<Pools> {
  const writeTo = await resolveAddress(url, isOwned);
  const readFrom = readUrl === undefined ? writeTo : await resolveAddress(readUrl, isOwned);
  const limits = { timeoutMs: TIMEOUT_MS, opening: new Gate(OPENING) };
  return {
    writes: new ConnectionPool(writeTo, { ...limits, maxBody: MAX_ANSWER_BYTES }),
    reads: new ConnectionPool(readFrom, { ...limits, maxBody: MAX_OBJECT_BYTES }),
  };
}
