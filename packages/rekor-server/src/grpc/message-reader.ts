import { GrpcCode } from './grpc-code.ts';
import type { GrpcReply } from './grpc-reply.ts';

/** Length of the prefix of a message: one flag byte, four bytes of length (gRPC over HTTP/2, "Requests"). */
export const PREFIX_BYTES = 5;

/** Cuts the DATA of one call into messages. */
export class MessageReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #held = 0;

  /** `maxBytes` bounds one message without its prefix. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that are held. */
  get held(): number {
    return this.#held;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }

  /** The next whole message, a reply that ends the call, or nothing until more data comes. */
  next(): Uint8Array | GrpcReply | undefined {
    if (this.#held < PREFIX_BYTES) return undefined;
    const data = this.#joined();
    const flag = data.readUInt8(0);
    const length = data.readUInt32BE(1);
    if (flag > 1) return { status: GrpcCode.internal, message: `grpc: received unexpected payload format ${flag}` };
    if (flag === 1) {
      return { status: GrpcCode.internal, message: 'grpc: compressed flag set with identity or empty encoding' };
    }
    if (length > this.#maxBytes) {
      const message = `grpc: received message larger than max (${length} vs. ${this.#maxBytes})`;
      return { status: GrpcCode.resourceExhausted, message };
    }
    const end = PREFIX_BYTES + length;
    if (data.length < end) return undefined;
    this.#chunks = data.length === end ? [] : [data.subarray(end)];
    this.#held = data.length - end;
    return data.subarray(PREFIX_BYTES, end);
  }

  /** Forgets what is held. */
  clear(): void {
    this.#chunks = [];
    this.#held = 0;
  }

  /** Joins only when the prefix or the whole message is in: a message of many chunks is not copied for each. */
  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && (this.#chunks.length === 1 || first.length >= PREFIX_BYTES)) {
      const end = PREFIX_BYTES + first.readUInt32BE(1);
      if (this.#chunks.length === 1 || this.#held < end) return first;
    }
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole;
  }
}

/** A message with its prefix, uncompressed. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}
