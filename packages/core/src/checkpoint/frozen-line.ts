import { CoreError } from '../core-error.ts';
import type { Checkpoint } from './checkpoint.ts';

const START = 'Log frozen — ';
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_S = 86_400;
/** Days from 1 March of year 0 to 1 January 1970, in the Gregorian calendar, and days of 400 years. */
const EPOCH_DAYS = 719_468;
const ERA_DAYS = 146_097;

/**
 * The extension line of the last checkpoint of a log that takes nothing more, as rekor-tiles' `freeze-checkpoint` writes
 * it: `Log frozen — ` and the time as Go's `time.UnixDate` has it, in UTC, in seconds:
 * `Log frozen — Fri Aug 21 07:20:57 UTC 2026`, with a day of one digit behind two spaces.
 *
 * @param atMs milliseconds since 1970, 0 … 2^53-1
 * @throws CoreError `out-of-range`
 */
export function frozenLine(atMs: number): string {
  if (!Number.isSafeInteger(atMs) || atMs < 0) {
    throw new CoreError('out-of-range', 'the time of a freeze is a whole number of milliseconds since 1970');
  }
  const seconds = Math.floor(atMs / 1000);
  const days = Math.floor(seconds / DAY_S);
  const [year, month, day] = civilDate(days);
  const clock = [(seconds % DAY_S) / 3600, (seconds % 3600) / 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  // 1 January 1970 was a Thursday.
  const weekday = WEEKDAYS[(days + 4) % 7];
  return `${START}${weekday} ${MONTHS[month]} ${String(day).padStart(2)} ${clock.join(':')} UTC ${year}`;
}

/** The line that says that a log takes nothing more; `undefined` in the checkpoint of a log that nobody has frozen. */
export function frozenLineOf({ extensions }: Pick<Checkpoint, 'extensions'>): string | undefined {
  return extensions.find((line) => line.startsWith(START));
}

/** Year, month from 0, and day of the month of a number of days since 1970. Years begin in March: the odd day is last. */
function civilDate(days: number): [year: number, month: number, day: number] {
  const since = days + EPOCH_DAYS;
  const era = Math.floor(since / ERA_DAYS);
  const dayOfEra = since - era * ERA_DAYS;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / (ERA_DAYS - 1));
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = (fromMarch + 2) % 12;
  return [era * 400 + yearOfEra + (month < 2 ? 1 : 0), month, day];
}
