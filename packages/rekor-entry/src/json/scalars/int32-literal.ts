const NUMBER = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
const MAX_DIGITS = 20;

/**
 * The value of a JSON number as protojson reads an enum, or undefined where it refuses. Fractions and exponents are
 * fine as long as the value is an integer: `5`, `5.0` and `0.5e1` are 5. The range is -2^31 to 2^31-1.
 */
export function int32OfLiteral(literal: string): number | undefined {
  const parts = NUMBER.exec(literal);
  if (parts === null) return undefined;
  const [, sign, wholePart = '', fractionPart = '', exponentPart = '0'] = parts;
  const whole = wholePart === '0' ? '' : wholePart;
  const fraction = withoutTrailingZeros(fractionPart);
  if (whole === '' && fraction === '') return 0;
  const exponent = Number(exponentPart);
  if (exponent < -(2 ** 31) || exponent >= 2 ** 31) return undefined;
  const digits = exponent >= 0 ? shiftUp(whole, fraction, exponent) : shiftDown(whole, fraction, exponent);
  if (digits === undefined) return undefined;
  const value = (sign === '-' ? -1 : 1) * Number(digits);
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined;
}

// By hand: the obvious regular expression takes quadratic time on many zeros that are not at the end.
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end--;
  return digits.slice(0, end);
}

function shiftUp(whole: string, fraction: string, exponent: number): string | undefined {
  if (fraction.length > exponent || whole.length + exponent > MAX_DIGITS) return undefined;
  return whole + fraction + '0'.repeat(exponent - fraction.length);
}

function shiftDown(whole: string, fraction: string, exponent: number): string | undefined {
  const keep = whole.length + exponent;
  if (fraction !== '' || keep < 0 || /[^0]/.test(whole.slice(keep))) return undefined;
  return whole.slice(0, keep);
}
