import { concatBytes, equalBytes, type Hash } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { sha256 } from '@tilewright/core/hash';
import { logIdOf, type WitnessedHead, witnessedHead } from './witnessed-head.ts';

/** One row of the table of heads. */
export interface HeadRow {
  /** 32 bytes: SHA-256 of the origin. */
  readonly log: Uint8Array;
  readonly note: Uint8Array;
  readonly timestamp: number;
  /** 32 bytes: SHA-256 over the three others. SQLite does not notice a changed bit of a value. */
  readonly digest: Uint8Array;
}

/** The row of a head. */
export function headRow({ note, checkpoint, timestamp }: WitnessedHead): HeadRow {
  const log = logIdOf(checkpoint.origin);
  return { log, note, timestamp, digest: digestOf(log, note, timestamp) };
}

/** The head in what a query gave as a row; nothing where it is not what {@link headRow} made. */
export function headOfRow(row: Readonly<Record<string, unknown>>): WitnessedHead | undefined {
  const { log, note, timestamp, digest } = row;
  if (!(log instanceof Uint8Array && note instanceof Uint8Array && digest instanceof Uint8Array)) return undefined;
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp) || timestamp < 1) return undefined;
  if (!equalBytes(digest, digestOf(log, note, timestamp))) return undefined;
  try {
    const head = witnessedHead(note, timestamp);
    return equalBytes(log, logIdOf(head.checkpoint.origin)) ? head : undefined;
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

function digestOf(log: Uint8Array, note: Uint8Array, timestamp: number): Hash {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(timestamp));
  return sha256(concatBytes(log, time, note));
}
