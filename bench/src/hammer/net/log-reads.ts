import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { CoreError } from '@tilewright/core/error';
import type { ReadObject } from '@tilewright/core/reader';
import type { Pacer } from '../load/pacer.ts';
import type { ReadTally } from '../measure/tallies.ts';
import type { Answer } from './answer-parser.ts';
import { ExchangeError } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { getRequest } from './request.ts';
import { pushbackMs } from './retry-after.ts';

/** The largest object of a log: 256 entries of 65,535 bytes, each with its length. */
export const MAX_OBJECT_BYTES: number = 256 * (2 + 65_535);

/** A read that got no object and no 404. `kind` is for counting. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly kind: string;

  constructor(kind: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** What reads go through. */
export interface LogReadsOptions {
  readonly pool: ConnectionPool;
  /** Path below the endpoint, with a slash at its end. */
  readonly readPath: string;
  readonly tally: ReadTally;
  /** Undefined for reads that no limit holds back. */
  readonly pacer: Pacer | undefined;
  /** Ends waiting. */
  readonly signal: AbortSignal;
}

/**
 * Reads objects of a log, waiting where the log asks for that.
 * @throws ReadFailure for any answer but 200 and 404, and for none; CoreError `malformed` for bad compression
 */
export function logReads(options: LogReadsOptions): ReadObject {
  const { pool, readPath, tally, pacer, signal } = options;
  return async (path) => {
    const request = getRequest(pool.endpoint, `${readPath}${path}`);
    for (;;) {
      if (pacer !== undefined) await orStopped(pacer.next(signal));
      const started = performance.now();
      const answer = await exchange(pool, request, tally);
      const pause = pushbackMs(answer, Date.now());
      if (pause === undefined) {
        tally.answered(performance.now() - started, answer.body.length);
        return objectOf(answer, path, tally);
      }
      tally.pushbacks++;
      await orStopped(sleep(pause, undefined, { signal }));
    }
  };
}

async function orStopped(wait: Promise<unknown>): Promise<void> {
  try {
    await wait;
  } catch (cause) {
    throw new ReadFailure('stopped', 'the run ended', { cause });
  }
}

async function exchange(pool: ConnectionPool, request: Uint8Array, tally: ReadTally): Promise<Answer> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await pool.exchange(request);
    } catch (cause) {
      if (!(cause instanceof ExchangeError)) throw cause;
      // A server may close a kept connection at the very moment in which it is used.
      if (isFirst && (cause.kind === 'closed' || cause.kind === 'ECONNRESET')) continue;
      tally.failed(cause.kind);
      throw new ReadFailure(cause.kind, cause.message, { cause });
    }
  }
}

function objectOf({ status, headers, body }: Answer, path: string, tally: ReadTally): Uint8Array | undefined {
  if (status === 404) return undefined;
  if (status !== 200) {
    tally.failed(`http ${status}`);
    throw new ReadFailure(`http ${status}`, `${path} is answered with HTTP status ${status}`);
  }
  // Bundles may come compressed without having been asked for that way (tlog-tiles, "Log Entries").
  if (headers.get('content-encoding') !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: MAX_OBJECT_BYTES });
  } catch (cause) {
    throw new CoreError('malformed', `${path} says that it is gzip, and is not, or too large`, { cause });
  }
}
