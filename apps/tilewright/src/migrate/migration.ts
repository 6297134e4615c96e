import type { TileSource } from '@tilewright/client';
import type { Clock } from '@tilewright/log/ports';
import type { LogVerifier } from '@tilewright/signer';
import type { Destination } from './destination.ts';

/** What is copied where, and how. */
export interface Migration {
  readonly source: TileSource;
  /** Of the log: it must have signed the source's checkpoint, and the destination's where there is one. */
  readonly key: Pick<LogVerifier, 'origin' | 'verifier' | 'logId'>;
  readonly destination: Destination;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
  /** Bundles fetched at a time. */
  readonly parallel: number;
  /** Entries of so many bytes are integrated at a time; 16 MiB when absent. */
  readonly stepBytes?: number | undefined;
  /** Told after each step: entries that are durable in the destination, and entries in all. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}
