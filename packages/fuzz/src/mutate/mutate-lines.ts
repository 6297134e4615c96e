import type { FuzzRandom } from '../random/fuzz-random.ts';
import { join } from './join.ts';

const NEWLINE = 10;
const [ZERO, NINE] = [48, 57];
const DECIMALS: readonly string[] = [
  '0',
  '00',
  '1',
  '255',
  '256',
  '9007199254740990',
  '9007199254740991',
  '9007199254740992',
  '9223372036854775807',
  '9223372036854775808',
  '99999999999999999999',
];

/** Damage to text that is made of lines: for samples that say so. `other` lends lines. */
export const LINE_MUTATIONS: Readonly<
  Record<string, (bytes: Uint8Array, other: Uint8Array, random: FuzzRandom) => Uint8Array>
> = {
  'a line missing': (bytes, _, random) => {
    const { start, end } = pickLine(bytes, random);
    return join(bytes.subarray(0, start), bytes.subarray(end));
  },
  'a line twice': (bytes, _, random) => {
    const { start, end } = pickLine(bytes, random);
    return join(bytes.subarray(0, end), bytes.subarray(start));
  },
  'many lines more': (bytes, _, random) => {
    const { start, end } = pickLine(bytes, random);
    const copies = Array.from({ length: random.pick([3, 64, 110]) }, () => bytes.subarray(start, end));
    return join(bytes.subarray(0, end), ...copies, bytes.subarray(end));
  },
  'two lines swapped': (bytes, _, random) => {
    const lines = splitLines(bytes);
    const [a, b] = [random.int(lines.length), random.int(lines.length)];
    return join(...lines.map((line, at) => lines[at === a ? b : at === b ? a : at] ?? line));
  },
  "another one's line": (bytes, other, random) => {
    const { start, end } = pickLine(bytes, random);
    const lent = pickLine(other, random);
    const rest = random.chance(0.5) ? start : end;
    return join(bytes.subarray(0, start), other.subarray(lent.start, lent.end), bytes.subarray(rest));
  },
  'an empty line more': (bytes, _, random) => {
    const { start } = pickLine(bytes, random);
    return join(bytes.subarray(0, start), Uint8Array.of(NEWLINE), bytes.subarray(start));
  },
  'a decimal at an edge': (bytes, _, random) => {
    const { start, end } = pickDecimal(bytes, random);
    return join(bytes.subarray(0, start), encoder.encode(random.pick(DECIMALS)), bytes.subarray(end));
  },
};

const encoder = new TextEncoder();

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

/** A line, with its newline: the one after a random newline, or the first. */
function pickLine(bytes: Uint8Array, random: FuzzRandom): { readonly start: number; readonly end: number } {
  const lines = splitLines(bytes);
  if (lines.length === 0) return { start: 0, end: 0 };
  const line = random.pick(lines);
  const start = line.byteOffset - bytes.byteOffset;
  return { start, end: start + line.length };
}

/** A run of digits that no letter or digit stands beside; of none, the end. */
function pickDecimal(bytes: Uint8Array, random: FuzzRandom): { readonly start: number; readonly end: number } {
  const isDigit = (at: number): boolean => (bytes[at] ?? 0) >= ZERO && (bytes[at] ?? 0) <= NINE;
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at < Math.min(bytes.length, 4096); ) {
    const start = at;
    while (isDigit(at)) at++;
    const isAlone = at > start && !isLetter(bytes[start - 1]) && !isLetter(bytes[at]);
    if (isAlone) found.push({ start, end: at });
    if (at === start) at++;
  }
  return found.length > 0 ? random.pick(found) : { start: bytes.length, end: bytes.length };
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122));
}
