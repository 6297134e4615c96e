import { CoreError } from '../core-error.ts';

const MAX_DIGITS = 19;
const MAX_INT64 = '9223372036854775807';
const CANONICAL = /^(?:0|[1-9][0-9]*)$/;

/**
 * The number that a canonical decimal writes: `0`, or ASCII digits without a sign, space or leading zero, up to
 * 2^63-1, the range that the log formats share (tlog-checkpoint, tree size).
 *
 * @throws CoreError `malformed` for any other text, or a number above 2^63-1.
 * @throws CoreError `size-unsupported` for a number above 2^53-1, which this package cannot count exactly.
 */
export function parseDecimal(text: string): number {
  checkDecimal(text);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new CoreError('size-unsupported', `${text} is above 2^53-1, the largest number supported here`);
  }
  return value;
}

/**
 * As {@link parseDecimal}, for what is signed and not counted with: all of 0 … 2^63-1.
 *
 * @throws CoreError `malformed`
 */
export function parseDecimal64(text: string): bigint {
  checkDecimal(text);
  return BigInt(text);
}

function checkDecimal(text: string): void {
  if (text.length > MAX_DIGITS) {
    throw new CoreError(
      'malformed',
      `a decimal has at most ${MAX_DIGITS} digits, this text has ${text.length} characters`,
    );
  }
  if (!CANONICAL.test(text)) {
    throw new CoreError('malformed', 'a decimal is 0, or digits without sign, space or leading zero');
  }
  if (text.length === MAX_DIGITS && text > MAX_INT64) throw new CoreError('malformed', `${text} is above 2^63-1`);
}
