import { concatBytes } from '@tilewright/core/bytes';
import { Tag } from './der-reader.ts';

/** One DER element: identifier, length in the fewest octets, content (X.690 8.1, 10.1). */
export function derElement(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of content) length += part.length;
  const octets = [];
  if (length >= 0x80) {
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
    octets.unshift(0x80 + octets.length);
  } else {
    octets.push(length);
  }
  return concatBytes(Uint8Array.of(tag, ...octets), ...content);
}

/** An INTEGER from a magnitude, big-endian; leading zeros are dropped, none at all is 0. */
export function derUnsigned(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  const first = digits[0];
  if (first === undefined) return derElement(Tag.integer, Uint8Array.of(0));
  return first < 0x80 ? derElement(Tag.integer, digits) : derElement(Tag.integer, Uint8Array.of(0), digits);
}
