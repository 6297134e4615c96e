import { CoreError } from '../core-error.ts';

/** Reads bytes from left to right and never beyond their end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at;
  }

  /** The next `size` bytes, as a view. Throws CoreError `malformed` when there are fewer. */
  take(size: number): Uint8Array {
    const end = this.#at + size;
    if (end > this.#bytes.length) {
      throw new CoreError(
        'malformed',
        `${size} bytes are due at byte ${this.#at}, and ${this.#bytes.length - this.#at} are left`,
      );
    }
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** A big-endian integer of `size` bytes. Throws CoreError `malformed`, also above 2^53-1. */
  integer(size: number): number {
    const at = this.#at;
    const value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw new CoreError('malformed', `the number at byte ${at} is above 2^53-1`);
    return value;
  }

  /** A length of `lengthSize` bytes and as many bytes. */
  vector(lengthSize: number): Uint8Array {
    return this.take(this.integer(lengthSize));
  }
}

/** The `size` big-endian bytes of an integer. Throws CoreError `out-of-range` when it does not fit. */
export function uint(value: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let rest = value;
  for (let at = size - 1; at >= 0; at--) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  if (!Number.isSafeInteger(value) || value < 0 || rest > 0) {
    throw new CoreError('out-of-range', `the number does not fit into ${size} bytes`);
  }
  return bytes;
}
