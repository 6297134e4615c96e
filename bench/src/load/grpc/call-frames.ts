/** What a client of unary gRPC calls writes, over HTTP/2 without TLS (RFC 9113; gRPC over HTTP/2). */
const TYPE = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const END_STREAM = 1;
const ACK = 1;
const END_HEADERS = 4;
const HEAD_BYTES = 9;
const LARGEST_WINDOW = 2 ** 31 - 1;
const FIRST_WINDOW = 65_535;
const LARGEST_FRAME = 16_384;

/** Frame types and flags that a reader looks at. */
export { ACK, END_STREAM, HEAD_BYTES, TYPE };

/** One frame. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, HEAD_BYTES);
  return bytes;
}

/** What a connection begins with: no pushes, and windows so large that answers need no further word of ours. */
export function opening(): Buffer {
  const settings = Buffer.alloc(12);
  settings.writeUInt16BE(2, 0);
  settings.writeUInt16BE(4, 6);
  settings.writeUInt32BE(LARGEST_WINDOW, 8);
  const more = Buffer.alloc(4);
  more.writeUInt32BE(LARGEST_WINDOW - FIRST_WINDOW);
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(TYPE.settings, 0, 0, settings),
    frame(TYPE.windowUpdate, 0, 0, more),
  ]);
}

/**
 * The header block of a call (RFC 7541), the same for every call of a connection: static names, plain values, nothing
 * that the server would have to remember.
 */
export function callHeaders(path: string, authority: string): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value);
    // Longer ones take another form of length.
    if (bytes.length > 126) throw new RangeError('a header value is too long');
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  };
  return Buffer.concat([
    Buffer.from([0x83, 0x86, 0x04]),
    text(path),
    Buffer.from([0x01]),
    text(authority),
    Buffer.from([0x0f, 0x10]),
    text('application/grpc'),
    Buffer.from([0x00]),
    text('te'),
    text('trailers'),
  ]);
}

/** Both frames of a call: its headers, and its one message with gRPC's five bytes before it. Throws RangeError over 16 KiB. */
export function callFrames(stream: number, headers: Uint8Array, message: Uint8Array): Buffer {
  if (message.length > LARGEST_FRAME) throw new RangeError('a message is larger than one frame');
  const bytes = Buffer.allocUnsafe(2 * HEAD_BYTES + headers.length + message.length);
  const head = (at: number, length: number, type: number, flags: number): void => {
    bytes.writeUIntBE(length, at, 3);
    bytes[at + 3] = type;
    bytes[at + 4] = flags;
    bytes.writeUInt32BE(stream, at + 5);
  };
  head(0, headers.length, TYPE.headers, END_HEADERS);
  bytes.set(headers, HEAD_BYTES);
  const second = HEAD_BYTES + headers.length;
  head(second, message.length, TYPE.data, END_STREAM);
  bytes.set(message, second + HEAD_BYTES);
  return bytes;
}
