const INVALID = 0xff;
const PAD = 0x3d;
const STANDARD = alphabet('+', '/');
const URL_SAFE = alphabet('-', '_');

function alphabet(value62: string, value63: string): Uint8Array {
  const text = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${value62}${value63}`;
  const table = new Uint8Array(256).fill(INVALID);
  for (let value = 0; value < 64; value++) table[text.charCodeAt(value)] = value;
  return table;
}

/**
 * The bytes of a base64 text as protojson reads a bytes field, or undefined where it refuses: the URL-safe alphabet
 * when the text holds `-` or `_`, else the standard one; no padding when the length is no multiple of four, line ends
 * counted; line ends are then skipped; non-zero unused bits are accepted.
 * The text is `bytes` from `start` to `end`; the result is a copy.
 */
export function decodeBase64LikeGo(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
  return decodePlain(bytes, start, end) ?? decodeAny(bytes, start, end);
}

/** Standard alphabet, no line ends; undefined for anything else. What nearly every client sends, at twice the speed. */
export function decodePlain(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
  const length = end - start;
  const rest = length % 4;
  if (rest === 1) return undefined;
  const pads = rest !== 0 || length === 0 || bytes[end - 1] !== PAD ? 0 : bytes[end - 2] !== PAD ? 1 : 2;
  // The characters of the last group when it is not a full one of four.
  const tail = rest !== 0 ? rest : pads !== 0 ? 4 - pads : 0;
  const groupsEnd = end - pads - tail;
  const output = new Uint8Array(((groupsEnd - start) / 4) * 3 + (tail === 0 ? 0 : tail - 1));
  let seen = 0;
  let out = 0;
  let at = start;
  for (; at < groupsEnd; at += 4) {
    const a = STANDARD[bytes[at] ?? 0] ?? INVALID;
    const b = STANDARD[bytes[at + 1] ?? 0] ?? INVALID;
    const c = STANDARD[bytes[at + 2] ?? 0] ?? INVALID;
    const d = STANDARD[bytes[at + 3] ?? 0] ?? INVALID;
    seen |= a | b | c | d;
    output[out] = (a << 2) | (b >> 4);
    output[out + 1] = (b << 4) | (c >> 2);
    output[out + 2] = (c << 6) | d;
    out += 3;
  }
  if (tail !== 0) {
    const a = STANDARD[bytes[at] ?? 0] ?? INVALID;
    const b = STANDARD[bytes[at + 1] ?? 0] ?? INVALID;
    const c = tail === 3 ? (STANDARD[bytes[at + 2] ?? 0] ?? INVALID) : 0;
    seen |= a | b | c;
    output[out] = (a << 2) | (b >> 4);
    if (tail === 3) output[out + 1] = (b << 4) | (c >> 2);
  }
  return seen < 64 ? output : undefined;
}

/** Every text that Go accepts, one character at a time (encoding/base64, Encoding.Decode without Strict). */
export function decodeAny(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> | undefined {
  let table = STANDARD;
  for (let at = start; at < end; at++) {
    const char = bytes[at];
    if (char === 0x2d || char === 0x5f) table = URL_SAFE;
  }
  const padded = (end - start) % 4 === 0;
  const output = new Uint8Array(Math.ceil((end - start) / 4) * 3);
  let out = 0;
  let group = 0;
  let filled = 0;
  let pads = 0;
  for (let at = start; at < end; at++) {
    const char = bytes[at] ?? 0;
    if (char === 0x0a || char === 0x0d) continue;
    if (char === PAD && padded) {
      // Two sextets take two pads, three take one; nothing but line ends may follow the last.
      if (filled < 2 || filled + pads >= 4) return undefined;
      pads++;
      continue;
    }
    const value = table[char] ?? INVALID;
    if (value === INVALID || pads > 0) return undefined;
    group = (group << 6) | value;
    if (++filled < 4) continue;
    output[out++] = group >> 16;
    output[out++] = group >> 8;
    output[out++] = group;
    group = 0;
    filled = 0;
  }
  if (filled === 1) return undefined;
  if (padded && filled > 0 && filled + pads !== 4) return undefined;
  if (filled === 2) output[out++] = group >> 4;
  if (filled === 3) {
    output[out++] = group >> 10;
    output[out++] = group >> 2;
  }
  return output.slice(0, out);
}
