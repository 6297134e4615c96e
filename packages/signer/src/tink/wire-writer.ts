import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';

/** A `uint32` or enum field; nothing for 0, which proto3 leaves out. */
export function uint32Field(number: number, value: number): Uint8Array<ArrayBuffer> {
  return value === 0 ? new Uint8Array() : Uint8Array.from([...varint(number * 8), ...varint(value)]);
}

/** A `bytes`, `string` or message field; an empty one is written too. */
export function bytesField(number: number, value: Uint8Array | string): Uint8Array<ArrayBuffer> {
  const bytes = typeof value === 'string' ? encodeUtf8(value) : value;
  return concatBytes(Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  return [...bytes, rest];
}
