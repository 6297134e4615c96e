import type { EntryRules } from '@tilewright/rekor-entry';
import type { ReadPathPlace } from '../reading/read-path.ts';
import type { LogFacts } from '../reading/server-facts.ts';
import type { RekorServerOptions } from '../server-options.ts';

/** What a front end serves: the Rekor API, with the rules for its entries, or raw entries. */
export type FrontEndPersonality =
  | { readonly name: 'rekor'; readonly rules: EntryRules }
  | { readonly name: 'raw'; readonly rules?: undefined };

/** Everything that a front end's thread is started with; plain data, since it is cloned. */
export interface FrontEndSetup {
  readonly personality: FrontEndPersonality;
  /** Ports that are claimed, and limits that are this thread's part. */
  readonly options: RekorServerOptions;
  readonly facts: LogFacts;
  /** Writes are answered as by a frozen log. */
  readonly readOnly: boolean;
  /** Where the log's checkpoint and tiles are, which this thread reads by itself. */
  readonly reading: ReadPathPlace;
  /** Requests that may wait to be checked. */
  readonly maxQueuedRequests: number;
  /** Between signs of life, milliseconds. */
  readonly beatMs: number;
}

/** The five facts and no more: what carries them may hold functions and keys. */
export function plainFacts({ origin, logId, vkey, spkiPem, keyDetails }: LogFacts): LogFacts {
  return { origin, logId: logId.slice(), vkey, spkiPem, keyDetails };
}

/** What each of so many threads gets of the server's limits: all together never more than one server would take. */
export function partOf(options: RekorServerOptions, threads: number, sockets: number): RekorServerOptions {
  return {
    ...options,
    maxBufferedBytes: Math.max(options.maxRequestBytes, Math.floor(options.maxBufferedBytes / threads)),
    maxCachedBytes: Math.floor(options.maxCachedBytes / threads),
    maxConnections: Math.max(1, Math.floor(options.maxConnections / threads)),
    claimedSockets: Math.max(1, Math.floor(sockets / threads)),
  };
}
