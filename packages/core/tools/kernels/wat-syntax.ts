// Expressions of the WebAssembly text format, as strings.
import type { SIGMA } from './sha256-constants.ts';

export const get = (name: string): string => `(local.get $${name})`;
export const set = (name: string, value: string): string => `(local.set $${name} ${value})\n`;
export const int = (value: number): string => `(i32.const ${value})`;
export const params = (...names: readonly string[]): string => names.map((name) => `(param $${name} i32)`).join(' ');
export const integers = (...names: readonly string[]): string => names.map((name) => `(local $${name} i32)`).join(' ');
export const vectors = (...names: readonly string[]): string => names.map((name) => `(local $${name} v128)`).join(' ');

/** The 16 bytes at `offset + base`. */
export const load = (offset: number, base: string = int(0)): string => `(v128.load offset=${offset} ${base})`;
export const store = (offset: number, base: string, value: string): string =>
  `(v128.store offset=${offset} ${base} ${value})\n`;
/** The 32-bit word at `offset + base`, in all four lanes. */
export const loadSplat = (offset: number, base: string): string => `(v128.load32_splat offset=${offset} ${base})`;

/** Sum of rows, lane by lane. */
export const sum = (...rows: readonly string[]): string => rows.reduce((left, right) => `(i32x4.add ${left} ${right})`);
export const xor = (...rows: readonly string[]): string => rows.reduce((left, right) => `(v128.xor ${left} ${right})`);
const shiftRight = (row: string, bits: number): string => `(i32x4.shr_u ${row} ${int(bits)})`;
const rotateRight = (row: string, bits: number): string =>
  `(v128.or ${shiftRight(row, bits)} (i32x4.shl ${row} ${int(32 - bits)}))`;

type Rotations = (typeof SIGMA)[keyof typeof SIGMA];

/** Σ0 or Σ1 of a row. `row` is evaluated six times: a local. */
export const bigSigma = (row: string, [a, b, c]: Rotations): string =>
  xor(rotateRight(row, a), rotateRight(row, b), rotateRight(row, c));
/** σ0 or σ1 of a row. `row` is evaluated five times: a local. */
export const smallSigma = (row: string, [a, b, c]: Rotations): string =>
  xor(rotateRight(row, a), rotateRight(row, b), shiftRight(row, c));

/** Adds to an address. */
export const plus = (address: string, bytes: number): string => `(i32.add ${address} ${int(bytes)})`;

/** Repeats `body`, adding `step` to the local `name`, which starts at 0, until it reaches `end`. */
export const loopTo = (name: string, step: number, end: number, body: string): string => `(loop $next_${name}
${body}(br_if $next_${name} (i32.lt_u (local.tee $${name} ${plus(get(name), step)}) ${int(end)})))\n`;

/** For {@link swapBytes}: where each byte comes from. */
export const BYTE_ORDER = '(v128.const i8x16 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12)';
/**
 * A row's four words with the order of their bytes turned round; `order` is a local with {@link BYTE_ORDER}. As a swizzle,
 * because V8 makes five instructions of the shuffle that says the same.
 */
export const swapBytes = (row: string, order: string): string => `(i8x16.swizzle ${row} ${order})`;

/** Names of the rows that {@link transpose} reads and writes, and of those it needs besides. */
export const TRANSPOSED: readonly string[] = ['x0', 'x1', 'x2', 'x3'];
export const TRANSPOSE_LOCALS: readonly string[] = [...TRANSPOSED, 'u0', 'u1', 'u2', 'u3'];

/** Turns four words of each of four lanes, in x0 … x3, into four rows, or back. */
export function transpose(): string {
  const lowWords = (left: string, right: string): string => pick([0, 4, 1, 5], left, right);
  const highWords = (left: string, right: string): string => pick([2, 6, 3, 7], left, right);
  const lowPairs = (left: string, right: string): string => pick([0, 1, 4, 5], left, right);
  const highPairs = (left: string, right: string): string => pick([2, 3, 6, 7], left, right);
  return [
    set('u0', lowWords('x0', 'x1')),
    set('u1', highWords('x0', 'x1')),
    set('u2', lowWords('x2', 'x3')),
    set('u3', highWords('x2', 'x3')),
    set('x0', lowPairs('u0', 'u2')),
    set('x1', highPairs('u0', 'u2')),
    set('x2', lowPairs('u1', 'u3')),
    set('x3', highPairs('u1', 'u3')),
  ].join('');
}

/** Four of the eight words of two rows. */
function pick(words: readonly number[], left: string, right: string): string {
  const bytes = words.flatMap((word) => [0, 1, 2, 3].map((byte) => 4 * word + byte));
  return `(i8x16.shuffle ${bytes.join(' ')} ${get(left)} ${get(right)})`;
}
