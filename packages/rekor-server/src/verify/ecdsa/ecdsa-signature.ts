/** The two numbers of an ECDSA signature: big-endian, at least one byte, without leading zero bytes, never zero. */
export interface EcdsaNumbers {
  readonly r: Uint8Array;
  readonly s: Uint8Array;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}

/** The content of one DER value at `at`, and where the next value starts; `undefined` for another tag or a length that is not DER. */
function readValue(bytes: Uint8Array, at: number, tag: number): { content: Uint8Array; next: number } | undefined {
  const first = bytes[at + 1];
  if (bytes[at] !== tag || first === undefined) return undefined;
  let length = first;
  let start = at + 2;
  if (first === 0x81) {
    length = bytes[at + 2] ?? 0;
    start = at + 3;
    if (length < 0x80) return undefined;
  } else if (first >= 0x80) {
    return undefined;
  }
  const next = start + length;
  return next <= bytes.length ? { content: bytes.subarray(start, next), next } : undefined;
}

function isPositiveInteger(content: Uint8Array): boolean {
  const first = content[0];
  const second = content[1];
  if (first === undefined || first >= 0x80) return false;
  return first !== 0 || (second !== undefined && second >= 0x80);
}

/**
 * Reads `SEQUENCE { INTEGER r, INTEGER s }` (RFC 3279, 2.2.3), strict DER: minimal lengths and integers, no sign, no
 * trailing byte. Sequences over 255 bytes are no ECDSA signature on these curves and are refused.
 */
export function readDerSignature(signature: Uint8Array): EcdsaNumbers | undefined {
  const sequence = readValue(signature, 0, SEQUENCE);
  if (sequence === undefined || sequence.next !== signature.length) return undefined;
  const r = readValue(sequence.content, 0, INTEGER);
  if (r === undefined || !isPositiveInteger(r.content)) return undefined;
  const s = readValue(sequence.content, r.next, INTEGER);
  if (s === undefined || !isPositiveInteger(s.content) || s.next !== sequence.content.length) return undefined;
  return { r: withoutLeadingZeros(r.content), s: withoutLeadingZeros(s.content) };
}
