import { type DerReader, malformed, Tag } from '../der/der-reader.ts';
import { EntryError } from '../entry-error.ts';

// Groups: year, month, day, hour, minute, second, zone. RFC 5280 demands seconds and Z; Go also takes UTCTime without
// seconds, and offsets.
const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/;

/**
 * Reads a time of a Validity (RFC 5280, 4.1.2.5), as strict as Go: a date that exists, and written as it would be
 * written again.
 *
 * @throws EntryError `malformed-key`
 */
export function checkTime(source: DerReader): void {
  const tag = source.peek();
  if (tag !== Tag.utcTime && tag !== Tag.generalizedTime) {
    throw new EntryError('malformed-key', 'unsupported time format');
  }
  const what = tag === Tag.utcTime ? 'UTCTime' : 'GeneralizedTime';
  const content = source.any(what).rest();
  const parts = (tag === Tag.utcTime ? UTC_TIME : GENERALIZED_TIME).exec(
    String.fromCharCode(...content.subarray(0, 32)),
  );
  if (parts === null || content.length > 32) throw malformed(what);
  const [, yearDigits = '', month = '', day = '', hour = '', minute = '', second = '00', zone = 'Z'] = parts;
  const year = tag === Tag.utcTime ? utcYear(Number(yearDigits)) : Number(yearDigits);
  const inRange = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (!inRange || !isDate(year, Number(month), Number(day)) || !isZone(zone)) throw malformed(what);
}

function utcYear(year: number): number {
  return year >= 69 ? 1900 + year : 2000 + year;
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

// An offset of zero is written Z; hours up to 24, as Go has it.
function isZone(zone: string): boolean {
  if (zone === 'Z') return true;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3));
  return hours <= 24 && minutes < 60 && hours + minutes > 0;
}
