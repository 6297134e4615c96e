import { ClientError } from '../client-error.ts';
import type { TileSource } from './tile-source.ts';

/** Answers of a server that may be another one a moment later. */
const PASSING_STATUS: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504]);
const TRIES = 5;
const FIRST_PAUSE_MS = 250;

/** Waits; resolves at once when the signal fires. */
export interface Sleep {
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * A source that asks up to five times, with growing pauses of 250 ms to 2 s, where the network or a server fails: for work of
 * hours that one lost connection should not end. What the source says of an object, also that there is none, is not asked again.
 */
export function patientTileSource(source: TileSource, clock: Sleep): TileSource {
  const never = new AbortController().signal;
  return {
    ...source,
    async read(path, signal) {
      for (let tries = 1; ; tries++) {
        try {
          return await source.read(path, signal);
        } catch (error) {
          if (!passes(error) || tries === TRIES || signal?.aborted === true) throw error;
          await clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1), signal ?? never);
        }
      }
    },
  };
}

function passes(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  const { code, status } = error;
  return code === 'network' || code === 'timeout' || (code === 'http-status' && PASSING_STATUS.has(status));
}
