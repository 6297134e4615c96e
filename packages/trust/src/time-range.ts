import { Fields } from './json/fields.ts';
import type { JsonValue } from './json/strict-json.ts';
import { TrustError } from './trust-error.ts';

/**
 * A period, both ends included. The texts are RFC 3339 timestamps, kept as they were written; no `end` means open.
 */
export interface TimeRange {
  readonly start: string;
  readonly end?: string;
}

/** A period as it is given to the makers: `Date` or RFC 3339 text. */
export interface TimeRangeInput {
  readonly start: Date | string;
  readonly end?: Date | string | undefined;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-](\d\d):(\d\d))$/;

/**
 * Milliseconds since 1970 (a fraction of up to nanoseconds is kept as a fraction) of an RFC 3339 timestamp as protobuf
 * JSON has it: years 0001 to 9999, upper-case `T` and `Z`, no leap second.
 * @returns undefined when the text is not one
 */
export function timestampMs(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const [zoneHour = 0, zoneMinute = 0] = match[8] === 'Z' ? [] : [Number(match[9]), Number(match[10])];
  const inRange = year >= 1 && hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  // A date such as 30 February comes back as another one.
  if (!inRange || local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return undefined;
  const offset = (zoneHour * 60 + zoneMinute) * 60_000 * (match[8]?.startsWith('-') ? -1 : 1);
  return local.getTime() - offset + Number(`0.${match[7] ?? '0'}`) * 1000;
}

/** Whether `nowMs` (milliseconds since 1970) is inside the period. */
export function isWithin(range: TimeRange, nowMs: number): boolean {
  const start = timestampMs(range.start) ?? Number.POSITIVE_INFINITY;
  const end = range.end === undefined ? Number.POSITIVE_INFINITY : (timestampMs(range.end) ?? Number.NEGATIVE_INFINITY);
  return start <= nowMs && nowMs <= end;
}

/** Reads `{start, end?}`. @throws TrustError */
export function readTimeRange(value: JsonValue, path: string): TimeRange {
  const fields = new Fields(value, path, ['start', 'end']);
  const start = fields.string('start');
  const end = fields.has('end') ? fields.string('end') : undefined;
  const startMs = requireTimestamp(start, fields.at('start'));
  if (end === undefined) return { start };
  if (requireTimestamp(end, fields.at('end')) < startMs) {
    throw new TrustError('bad-value', path, 'the period ends before it starts');
  }
  return { start, end };
}

/** The period as it is written: a `Date` becomes UTC with whole seconds, text stays. */
export function writeTimeRange(range: TimeRangeInput): TimeRange {
  const start = writeTime(range.start);
  return range.end === undefined ? { start } : { start, end: writeTime(range.end) };
}

function writeTime(time: Date | string): string {
  if (typeof time === 'string') return time;
  return Number.isNaN(time.getTime()) ? 'Invalid Date' : time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function requireTimestamp(text: string, path: string): number {
  const ms = timestampMs(text);
  if (ms === undefined) {
    throw new TrustError('bad-value', path, 'an RFC 3339 timestamp is needed, for example 2026-01-31T00:00:00Z');
  }
  return ms;
}
