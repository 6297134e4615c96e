import { connect, type Socket } from 'node:net';
import { ACK, callFrames, END_STREAM, frame, HEAD_BYTES, opening, TYPE } from './call-frames.ts';

/** How a call ended: with a message, which only a call that succeeded has, or how it did not. */
export type CallEnd = 'ok' | 'error status' | 'reset' | 'closed';

/** Bytes of gRPC's frame around a message. */
const PREFIX_BYTES = 5;
/** Stream ids end at 2^31; a connection is left long before. */
const LAST_STREAM = 2 ** 30;

/**
 * One connection with one unary call at a time, written by hand: `node:http2` takes several times as long for a call,
 * and the generator shares the cores with the server. It reads frames, not headers: a unary call that fails has no
 * message (gRPC over HTTP/2, Responses). Requests are small and one at a time, so the server's window always has room.
 */
export class CallConnection {
  readonly #port: number;
  readonly #headers: Uint8Array;
  readonly #onEnd: (end: CallEnd) => void;
  #socket: Socket | undefined;
  #stream = -1;
  #waiting = false;
  #messageBytes = 0;
  #rest: Buffer = Buffer.alloc(0);
  #isStopped = false;
  #isLeaving = false;

  /** `onEnd` is told how each call ended. */
  constructor(port: number, headers: Uint8Array, onEnd: (end: CallEnd) => void) {
    this.#port = port;
    this.#headers = headers;
    this.#onEnd = onEnd;
  }

  /** Sends a call; connects where that is not done yet. One at a time. */
  call(message: Uint8Array): void {
    if (this.#isLeaving || this.#stream >= LAST_STREAM) this.#forget();
    const socket = this.#socket ?? this.#open();
    this.#stream += 2;
    this.#messageBytes = 0;
    this.#waiting = true;
    socket.write(callFrames(this.#stream, this.#headers, message));
  }

  /** Closes it; a call under way ends without a word. */
  stop(): void {
    this.#isStopped = true;
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true });
    this.#socket = socket;
    this.#stream = -1;
    this.#rest = Buffer.alloc(0);
    socket.write(opening());
    const isCurrent = (): boolean => this.#socket === socket;
    socket.on('data', (bytes: Buffer) => isCurrent() && this.#receive(socket, bytes));
    // Its `close` follows, and says what there is to say.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!isCurrent()) return;
      this.#socket = undefined;
      this.#finish('closed');
    });
    return socket;
  }

  #forget(): void {
    this.#isLeaving = false;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #receive(socket: Socket, bytes: Buffer): void {
    let data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let end: CallEnd | undefined;
    while (data.length >= HEAD_BYTES) {
      const size = HEAD_BYTES + data.readUIntBE(0, 3);
      if (data.length < size) break;
      end = this.#read(socket, data.subarray(0, size)) ?? end;
      data = data.subarray(size);
    }
    this.#rest = data;
    // Last of all: whoever hears of it sends the next call.
    if (end !== undefined) this.#finish(end);
  }

  #read(socket: Socket, bytes: Buffer): CallEnd | undefined {
    const [type = 0, flags = 0] = [bytes[3], bytes[4]];
    const isOurs = bytes.readUInt32BE(5) === this.#stream;
    const isLast = flags % 2 === END_STREAM;
    switch (type) {
      case TYPE.data:
      case TYPE.headers:
        if (!isOurs) return undefined;
        if (type === TYPE.data) this.#messageBytes += bytes.length - HEAD_BYTES;
        if (!isLast) return undefined;
        return this.#messageBytes > PREFIX_BYTES ? 'ok' : 'error status';
      case TYPE.reset:
        return isOurs ? 'reset' : undefined;
      case TYPE.settings:
        if (flags !== ACK) socket.write(frame(TYPE.settings, ACK, 0, new Uint8Array()));
        return undefined;
      case TYPE.ping:
        if (flags !== ACK) socket.write(frame(TYPE.ping, ACK, 0, bytes.subarray(HEAD_BYTES)));
        return undefined;
      case TYPE.goAway:
        this.#isLeaving = true;
        return undefined;
      default:
        return undefined;
    }
  }

  #finish(end: CallEnd): void {
    if (!this.#waiting || this.#isStopped) return;
    this.#waiting = false;
    this.#onEnd(end);
  }
}
