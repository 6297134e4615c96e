import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { ByteBudget } from '../byte-budget.ts';
import type { ListenAddress } from '../listen/address.ts';
import { type CertificateFiles, MIN_TLS_VERSION } from '../listen/certificate-files.ts';
import { Connections } from '../listen/connections.ts';
import { listenWidely, type SharedPort } from '../listen/shared-port.ts';
import { GrpcCall } from './grpc-call.ts';
import type { GrpcMethod } from './grpc-method.ts';
import { INTERNAL_ERROR } from './grpc-reply.ts';
import { readCallHeaders, unknownMethod } from './request-headers.ts';

/** What the gRPC listener needs. */
export interface GrpcListenerOptions {
  readonly address: ListenAddress;
  /** Sockets on the port, where it is claimed already. */
  readonly claimedSockets: number | undefined;
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

/** Between GOAWAY and the end of the connection: calls whose time is over get their answer in it. Milliseconds. */
const GOODBYE_MS = 5000;

/**
 * gRPC over HTTP/2 by hand on node:http2: unary calls and one kind of stream need little, and its answers are those of
 * grpc-go to the byte, which a library with words of its own cannot give.
 */
export class GrpcListener {
  readonly #options: GrpcListenerOptions;
  readonly #server: Http2Server;
  readonly #services: ReadonlySet<string>;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #connections: Connections;
  #closing = false;
  #port: SharedPort | undefined;

  constructor(options: GrpcListenerOptions) {
    this.#options = options;
    this.#services = new Set([...options.methods.keys()].map((path) => path.slice(1, path.lastIndexOf('/'))));
    const settings = { settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS, enablePush: false } };
    const { certificate } = options;
    if (certificate === undefined) {
      this.#server = createServer(settings);
    } else {
      const tls = { minVersion: MIN_TLS_VERSION, handshakeTimeout: options.timeoutMs } as const;
      const secure = createSecureServer({ ...settings, ...tls, ...certificate.current });
      certificate.onChange((fresh) => secure.setSecureContext({ ...fresh, minVersion: MIN_TLS_VERSION }));
      this.#server = secure;
    }
    this.#connections = new Connections(this.#server, options.maxConnections);
    let accepted: Socket;
    // node:http2 makes a connection's session in its own listener, within the same event.
    this.#server.prependListener(certificate === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      accepted = socket;
    });
    this.#server.on('session', (session) => this.#onSession(session, accepted));
    this.#server.on('stream', (stream, headers) => this.#onStream(stream, headers));
  }

  /** Starts to listen; the port. Throws `ServerError`. */
  async start(): Promise<number> {
    const { address, claimedSockets } = this.#options;
    this.#port = await listenWidely(this.#server, 'gRPC', address, { allowHalfOpen: false, claimedSockets });
    return this.#port.port;
  }

  /** Stops accepting, says GOAWAY, lets calls under way finish within `graceMs`, then closes every connection. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    if (!this.#server.listening) return;
    const timer = setTimeout(() => this.#connections.destroyAll(), graceMs);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    await Promise.all([closed, this.#port?.close()]);
    clearTimeout(timer);
  }

  #onSession(session: ServerHttp2Session, socket: Socket): void {
    this.#sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on('close', () => {
      this.#sessions.delete(session);
      this.#cutOff(socket);
    });
    // A broken connection or preface; 'close' follows.
    session.on('error', () => session.destroy());
    session.setTimeout(this.#options.timeoutMs, () => this.#hangUp(session, socket));
    if (this.#closing) session.close();
  }

  /** Says GOAWAY; a client that takes not even that, or no answer, is cut off. */
  #hangUp(session: ServerHttp2Session, socket: Socket): void {
    session.close();
    this.#cutOff(socket);
  }

  /**
   * Ends a connection that the client keeps: `session.destroy()` waits for a write that is stuck, and after the session's
   * end the socket stays half-open until the client closes its side.
   */
  #cutOff(socket: Socket): void {
    if (socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
    socket.once('close', () => clearTimeout(timer));
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
