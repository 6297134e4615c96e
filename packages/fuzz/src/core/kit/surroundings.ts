/** Bytes that stand before and behind an input in its buffer. */
const ROOM = 24;

/** A copy of the bytes in the midst of a buffer with something else around them: a decoder must not see that. */
export function surrounded(bytes: Uint8Array, filling: number): Uint8Array<ArrayBuffer> {
  const room = new Uint8Array(bytes.length + 2 * ROOM).fill(filling);
  room.set(bytes, ROOM);
  return room.subarray(ROOM, ROOM + bytes.length);
}
