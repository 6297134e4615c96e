import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { ByteBudget } from '../byte-budget.ts';
import { type ListenAddress, listen } from '../listen/address.ts';
import { type CertificateFiles, MIN_TLS_VERSION } from '../listen/certificate-files.ts';
import { GrpcCall } from './grpc-call.ts';
import type { GrpcMethod } from './grpc-method.ts';
import { INTERNAL_ERROR } from './grpc-reply.ts';
import { readCallHeaders, unknownMethod } from './request-headers.ts';

/** What the gRPC listener needs. */
export interface GrpcListenerOptions {
  readonly address: ListenAddress;
  readonly certificate: CertificateFiles | undefined;
  /** By `/package.Service/Method`. */
  readonly methods: ReadonlyMap<string, GrpcMethod>;
  /** Longest request message, bytes. */
  readonly maxMessageBytes: number;
  readonly budget: ByteBudget;
  /** Milliseconds for a call, and for a connection without one. */
  readonly timeoutMs: number;
  readonly maxConnections: number;
  /** Gets exceptions that no reply foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** Calls that one connection may have at one time: a bound for memory, far above what a client needs. */
const MAX_CONCURRENT_STREAMS = 4096;
/** Flow-control window of a connection: one that 64 KiB calls do not fill in turn. */
const CONNECTION_WINDOW_BYTES = 1024 * 1024;

/**
 * gRPC over HTTP/2 by hand on node:http2: unary calls and one kind of stream need little, and its answers are those of
 * grpc-go to the byte, which a library with words of its own cannot give.
 */
export class GrpcListener {
  readonly #options: GrpcListenerOptions;
  readonly #server: Http2Server;
  readonly #services: ReadonlySet<string>;
  readonly #sessions = new Set<ServerHttp2Session>();
  #closing = false;

  constructor(options: GrpcListenerOptions) {
    this.#options = options;
    this.#services = new Set([...options.methods.keys()].map((path) => path.slice(1, path.lastIndexOf('/'))));
    const settings = { settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS, enablePush: false } };
    const { certificate } = options;
    if (certificate === undefined) {
      this.#server = createServer(settings);
    } else {
      const secure = createSecureServer({ ...settings, ...certificate.current, minVersion: MIN_TLS_VERSION });
      certificate.onChange((fresh) => secure.setSecureContext({ ...fresh, minVersion: MIN_TLS_VERSION }));
      this.#server = secure;
    }
    this.#server.maxConnections = options.maxConnections;
    this.#server.on('session', (session) => this.#onSession(session));
    this.#server.on('stream', (stream, headers) => this.#onStream(stream, headers));
  }

  /** Starts to listen; the port. Throws `ServerError`. */
  start(): Promise<number> {
    return listen(this.#server, 'gRPC', this.#options.address);
  }

  /** Stops accepting, says GOAWAY, lets calls under way finish within `graceMs`, then closes every connection. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    if (!this.#server.listening) return;
    const timer = setTimeout(() => {
      for (const session of this.#sessions) session.destroy();
    }, graceMs);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    await closed;
    clearTimeout(timer);
  }

  #onSession(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on('close', () => this.#sessions.delete(session));
    // A broken connection or preface; 'close' follows.
    session.on('error', () => session.destroy());
    session.setTimeout(this.#options.timeoutMs, () => session.close());
    if (this.#closing) session.close();
  }

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const { maxMessageBytes, budget, timeoutMs, methods, onPanic } = this.#options;
    const read = readCallHeaders(headers);
    if ('status' in read) {
      const limits = { maxMessageBytes, budget, timeoutMs: undefined, onPanic };
      new GrpcCall(stream, headers, 'application/grpc', limits).end(read);
      return;
    }
    const limits = { maxMessageBytes, budget, timeoutMs: Math.min(read.timeoutMs ?? timeoutMs, timeoutMs), onPanic };
    const call = new GrpcCall(stream, headers, read.contentType, limits);
    const method = methods.get(read.path);
    if (method === undefined) {
      call.end(unknownMethod(read.path, this.#services));
      return;
    }
    try {
      method(call);
    } catch (error) {
      onPanic(error);
      call.end(INTERNAL_ERROR);
    }
  }
}
