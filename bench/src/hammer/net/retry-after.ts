import type { Answer } from './answer-parser.ts';

/** Answers that ask a client to come back later (as Tessera's load generator counts them). */
const PUSHBACK: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const DEFAULT_MS = 1_000;

/**
 * How long the client is asked to wait, in milliseconds; undefined when the answer is no pushback. Retry-After is a number
 * of seconds or an HTTP date (RFC 9110, section 10.2.3); one second without it, or when it makes no sense.
 */
export function pushbackMs({ status, headers }: Answer, nowMs: number): number | undefined {
  if (!PUSHBACK.has(status)) return undefined;
  const value = headers.get('retry-after');
  if (value === undefined) return DEFAULT_MS;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? DEFAULT_MS : Math.max(0, date - nowMs);
}
