import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ListenAddress } from '../listen/address.ts';
import { type CertificateFiles, MIN_TLS_VERSION } from '../listen/certificate-files.ts';
import { Connections } from '../listen/connections.ts';
import { listenWidely, type SharedPort } from '../listen/shared-port.ts';
import { METHOD_NOT_ALLOWED, NOT_FOUND, send } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { FastLane } from './lane/fast-lane.ts';
import type { OtherRoutes } from './other-routes.ts';
import { Pipelines } from './pipelines.ts';
import type { ReadRoute } from './read-route.ts';
import { type RequestFacts, readFacts } from './request/request-facts.ts';
import { pathOf } from './request/request-target.ts';
import {
  answerRaw,
  BAD_REQUEST,
  brokenChunk,
  MISSING_HOST,
  refuse,
  UNSUPPORTED_VERSION,
  unknownMethodTarget,
  type WireError,
  wireErrorOf,
} from './wire-errors.ts';
import type { BodyRoute } from './write/body-route.ts';

/** What the HTTP listener needs. */
export interface HttpListenerOptions {
  readonly address: ListenAddress;
  /** Sockets on the port, where it is claimed already. */
  readonly claimedSockets: number | undefined;
  readonly certificate: CertificateFiles | undefined;
  readonly writes: BodyRoute;
  /** Reading on the short way; it gives the answers of `others`. */
  readonly reads: ReadRoute;
  /** Paths that exist, for methods that node:http does not pass on: they get 501, others 404. */
  readonly knownPath: RegExp;
  readonly others: OtherRoutes;
  /** Milliseconds for the headers, for the whole request, and between requests of a connection. */
  readonly timeoutMs: number;
  /** More connections than this are closed as they come: the log needs descriptors too. */
  readonly maxConnections: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Gets exceptions that no answer foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** Request headers beyond this many bytes are refused with 431: rekor-tiles takes 100 KiB, and Node only 16 KiB by default. */
const MAX_HEADER_BYTES = 256 * 1024;

/** A request is answered within its time; where nothing moves for this much longer, the client does not read. Milliseconds. */
const UNREAD_MS = 1000;

/** What is wrong with a request below the API, though node:http let it pass. */
function refusalOf(request: IncomingMessage, facts: RequestFacts): WireError | undefined {
  if (request.httpVersionMajor > 1) return UNSUPPORTED_VERSION;
  if (request.httpVersionMajor < 1 || facts.hosts > 1) return BAD_REQUEST;
  return facts.hosts === 0 && request.httpVersionMinor > 0 ? MISSING_HOST : undefined;
}

/** A listener that serves the API over HTTP/1.1. */
export class HttpListener {
  readonly #options: HttpListenerOptions;
  readonly #server: Server;
  /** Requests whose connection is not done with them. */
  readonly #open = new Map<ServerResponse, Exchange>();
  /** Connections that were refused: more of the same is not said again. */
  readonly #refused = new WeakSet<Duplex>();
  readonly #pipelines = new Pipelines();
  readonly #connections: Connections;
  /** Where connections are plain: TLS is left to node:https. */
  readonly #lane: FastLane | undefined;
  #isClosing = false;
  #port: SharedPort | undefined;

  constructor(options: HttpListenerOptions) {
    this.#options = options;
    const { timeoutMs, certificate } = options;
    const settings = {
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      keepAliveTimeout: timeoutMs,
      connectionsCheckingInterval: Math.min(1000, timeoutMs),
      maxHeaderSize: MAX_HEADER_BYTES,
      // Its own refusal has no body; ours says what is missing.
      requireHostHeader: false,
      noDelay: true,
    };
    if (certificate === undefined) {
      this.#server = createServer(settings);
      this.#lane = this.#openLane(this.#server);
    } else {
      const tls = { minVersion: MIN_TLS_VERSION, handshakeTimeout: timeoutMs } as const;
      const server = createSecureServer({ ...settings, ...tls, ...certificate.current });
      certificate.onChange((fresh) => server.setSecureContext({ ...fresh, minVersion: MIN_TLS_VERSION }));
      this.#server = server;
    }
    this.#connections = new Connections(this.#server, options.maxConnections);
    this.#server.timeout = timeoutMs + UNREAD_MS;
    this.#server.on('request', (request, response) => this.#take(request, response, false));
    this.#server.on('checkContinue', (request, response) => this.#take(request, response, true));
    this.#server.on('checkExpectation', (request, response) => {
      send(request, response, { status: 417, body: '', close: true });
    });
    this.#server.on('connect', (request, socket) => this.#refuseMethod(socket, request.url ?? ''));
    this.#server.on('clientError', (error, socket) => this.#onClientError(error, socket));
  }

  /** Starts to listen; the port. Throws `ServerError`. */
  async start(): Promise<number> {
    const { address, certificate, claimedSockets } = this.#options;
    const isPlain = certificate === undefined;
    // As node:http makes its own sockets, and node:https.
    const sharing = { allowHalfOpen: isPlain, claimedSockets };
    this.#port = await listenWidely(this.#server, isPlain ? 'HTTP' : 'HTTPS', address, sharing);
    return this.#port.port;
  }

  /** Stops accepting, lets requests under way finish within `graceMs`, then closes every connection. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#lane?.close();
    if (!this.#server.listening) return;
    for (const response of this.#open.keys()) response.shouldKeepAlive = false;
    const timer = setTimeout(() => this.#connections.destroyAll(), graceMs);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all([closed, this.#port?.close()]);
    clearTimeout(timer);
    this.#options.writes.close();
  }

  #openLane(server: Server): FastLane {
    const { writes, reads, timeoutMs, onPanic, nowMs } = this.#options;
    return new FastLane(server, {
      routes: { writePath: writes.path, maxBodyBytes: writes.maxPlainBytes, reads: (path) => reads.has(path) },
      budget: writes.budget,
      handle: (wire, { path, facts, body }) =>
        facts.method === 'POST' ? writes.handleWhole(wire, facts, body) : reads.handle(wire, facts, path),
      idleMs: timeoutMs,
      nowMs,
      onPanic,
    });
  }

  /** One request's exception is not to end the process, and all others with it. */
  #take(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    try {
      this.#dispatch(request, response, expectsContinue);
    } catch (error) {
      this.#options.onPanic(error);
      request.socket.destroy();
    }
  }

  #dispatch(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const { socket } = request;
    if (this.#pipelines.isFull(socket)) {
      socket.destroy();
      return;
    }
    const facts = readFacts(request);
    const refusal = refusalOf(request, facts);
    if (refusal !== undefined) {
      this.#refuse(socket, refusal);
      return;
    }
    if (this.#isClosing) response.shouldKeepAlive = false;
    const exchange = this.#route(request, response, facts, expectsContinue);
    if (exchange === undefined) return;
    this.#open.set(response, exchange);
    response.on('close', () => {
      this.#open.delete(response);
      this.#pipelines.leave(socket, response);
      exchange.closed();
    });
  }

  #route(
    request: IncomingMessage,
    response: ServerResponse,
    facts: RequestFacts,
    expectsContinue: boolean,
  ): Exchange | undefined {
    const { writes, others } = this.#options;
    let path: string | undefined = writes.path;
    if (request.url !== writes.path) {
      const target = pathOf(request.url ?? '');
      if ('bad' in target && target.bad === 'malformed') {
        this.#refuse(request.socket, BAD_REQUEST);
        return undefined;
      }
      path = 'path' in target ? target.path : undefined;
    }
    const before = this.#pipelines.enter(request.socket, response);
    if (path !== writes.path || facts.method !== 'POST') {
      return others.handle(request, response, { facts, path, isUnasked: expectsContinue, before });
    }
    if (expectsContinue) response.writeContinue();
    return writes.handle(request, response, facts);
  }

  #refuse(socket: Duplex, refusal: WireError): void {
    this.#refused.add(socket);
    refuse(socket, refusal);
  }

  /** 501 for a known path, 404 for another: what a method that node:http does not pass on gets from grpc-gateway. */
  #refuseMethod(socket: Duplex, rawTarget: string): void {
    const target = pathOf(rawTarget);
    const isKnown = 'path' in target && this.#options.knownPath.test(target.path);
    this.#refused.add(socket);
    answerRaw(socket, isKnown ? METHOD_NOT_ALLOWED : NOT_FOUND);
  }

  #onClientError(error: Error, socket: Duplex): void {
    if (this.#refused.has(socket)) return;
    if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
      socket.destroy();
      return;
    }
    if (this.#leaveAfterAnswer(socket)) return;
    const target = unknownMethodTarget(error);
    const chunk = brokenChunk(error);
    if (target !== undefined) {
      this.#refuseMethod(socket, target);
    } else if (chunk !== undefined) {
      this.#refused.add(socket);
      answerRaw(socket, chunk);
    } else {
      this.#refuse(socket, wireErrorOf(error));
    }
  }

  /** Whether a good request on the connection is still being answered: then nothing else is written, and it ends behind that. */
  #leaveAfterAnswer(socket: Duplex): boolean {
    let isAnswering = false;
    for (const [response, exchange] of this.#open) {
      if (response.socket !== socket || !exchange.isAnswering) continue;
      response.shouldKeepAlive = false;
      this.#refused.add(socket);
      isAnswering = true;
    }
    return isAnswering;
  }
}
