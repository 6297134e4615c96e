import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { ByteBudget } from '../byte-budget.ts';
import { traceIdOf } from '../logging/trace-id.ts';
import type { Call } from '../service/create-entry.ts';
import { LeaveSignal } from '../service/leave-signal.ts';
import { GrpcCode } from './grpc-code.ts';
import { DEADLINE_EXCEEDED, type GrpcReply, INTERNAL_ERROR, trailersOf } from './grpc-reply.ts';
import { frame, MessageReader } from './message-reader.ts';

/** What a call does with what arrives. */
export interface CallHandler {
  /** One whole message. */
  onMessage(message: Uint8Array): void;
  /** The client will send no more. */
  onEnd(): void;
}

/** What a call is limited by. */
export interface CallLimits {
  readonly maxMessageBytes: number;
  readonly budget: ByteBudget;
  readonly timeoutMs: number | undefined;
  /** Gets exceptions of the handler. */
  readonly onPanic: (error: unknown) => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A call whose time is over gets its answer from the service; when that is stuck, after this much longer. Milliseconds. */
const STUCK_MS = 2000;

const text = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/** One gRPC call on its HTTP/2 stream. It ends exactly once; everything after that is dropped. */
export class GrpcCall implements Call {
  readonly contentType: string;
  readonly #stream: ServerHttp2Stream;
  readonly #headers: IncomingHttpHeaders;
  readonly #budget: ByteBudget;
  readonly #reader: MessageReader;
  readonly #onPanic: (error: unknown) => void;
  readonly signal: LeaveSignal = new LeaveSignal();
  #handler: CallHandler | undefined;
  #timer: NodeJS.Timeout | undefined;
  #taken = 0;
  #headersSent = false;
  #hasMessage = false;
  #ended = false;
  #traceId: string | undefined;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, contentType: string, limits: CallLimits) {
    this.#stream = stream;
    this.#headers = headers;
    this.contentType = contentType;
    this.#budget = limits.budget;
    this.#reader = new MessageReader(limits.maxMessageBytes);
    this.#onPanic = limits.onPanic;
    const { timeoutMs } = limits;
    // Below a millisecond it has passed before anything can be done.
    if (timeoutMs !== undefined && timeoutMs < 1) this.signal.leave('deadline-exceeded');
    else if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => this.#expire(), Math.min(timeoutMs, LONGEST_TIMER_MS));
    }
    stream.on('close', () => this.#closed());
    // A reset by the client; 'close' follows.
    stream.on('error', () => undefined);
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  traceId(): string {
    this.#traceId ??= traceIdOf(text(this.#headers.traceparent), text(this.#headers['x-cloud-trace-context']));
    return this.#traceId;
  }

  /** Starts to read. */
  start(handler: CallHandler): void {
    this.#handler = handler;
    this.#stream.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#stream.on('end', () => {
      if (!this.#ended) handler.onEnd();
    });
  }

  /** Bytes that came in without making a whole message. */
  get leftover(): number {
    return this.#reader.held;
  }

  /** Sends one message of a streaming answer. */
  write(message: Uint8Array): void {
    if (this.#ended) return;
    this.#sendHeaders({});
    this.#stream.write(frame(message));
  }

  /** Ends the call. */
  end(reply: GrpcReply): void {
    if (this.#ended) return;
    this.#finish();
    const stream = this.#stream;
    if (stream.destroyed) return;
    if (reply.payload === undefined && reply.metadata === undefined && !this.#headersSent) {
      const head = { ':status': reply.httpStatus ?? 200, 'content-type': this.contentType };
      stream.respond({ ...head, ...trailersOf(reply) }, { endStream: true });
      this.#dropRest();
      return;
    }
    this.#sendHeaders(reply.metadata ?? {});
    stream.once('wantTrailers', () => {
      stream.sendTrailers(trailersOf(reply));
      this.#dropRest();
    });
    if (reply.payload === undefined) stream.end();
    else stream.end(frame(reply.payload));
  }

  #sendHeaders(metadata: Readonly<Record<string, string>>): void {
    if (this.#headersSent) return;
    this.#headersSent = true;
    const head = { ':status': 200, 'content-type': this.contentType, ...metadata };
    this.#stream.respond(head, { waitForTrailers: true });
  }

  /** A client that is still sending is told to stop, once its answer is on the wire: a reset drops what is not. */
  #dropRest(): void {
    const stream = this.#stream;
    if (!stream.readableEnded) setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
  }

  #received(chunk: Buffer): void {
    if (this.#ended) return;
    if (!this.#budget.take(chunk.length)) {
      this.end({ status: GrpcCode.resourceExhausted, message: 'too many request bytes wait; retry' });
      return;
    }
    this.#taken += chunk.length;
    this.#reader.push(chunk);
    while (!this.#ended) {
      const next = this.#reader.next();
      if (next === undefined) return;
      if (!(next instanceof Uint8Array)) {
        this.end(next);
        return;
      }
      this.#giveBack(this.#taken - this.#reader.held);
      this.#handle(next);
    }
  }

  #handle(message: Uint8Array): void {
    this.#hasMessage = true;
    try {
      this.#handler?.onMessage(message);
    } catch (error) {
      this.#onPanic(error);
      this.end(INTERNAL_ERROR);
    }
  }

  #giveBack(bytes: number): void {
    this.#taken -= bytes;
    this.#budget.give(bytes);
  }

  /** Whoever works for this call stops, and ends it; without a message, or when that work is stuck, it is ended here. */
  #expire(): void {
    this.signal.leave('deadline-exceeded');
    if (this.#hasMessage) this.#timer = setTimeout(() => this.end(DEADLINE_EXCEEDED), STUCK_MS);
    else this.end(DEADLINE_EXCEEDED);
  }

  #closed(): void {
    if (this.#ended) return;
    this.#finish();
    this.signal.leave('canceled');
  }

  #finish(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#reader.clear();
    this.#giveBack(this.#taken);
  }
}
