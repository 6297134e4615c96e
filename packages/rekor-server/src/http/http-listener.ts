import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type ListenAddress, listen } from '../listen/address.ts';
import { type CertificateFiles, MIN_TLS_VERSION } from '../listen/certificate-files.ts';
import { METHOD_NOT_ALLOWED, NOT_FOUND, send } from './answer.ts';
import { effectiveMethod, type OtherRoutes } from './other-routes.ts';
import { pathOf } from './request-target.ts';
import { unknownMethodOf, wireErrorAnswer, writeRaw } from './wire-errors.ts';
import { WRITE_PATH, type WriteRoute } from './write-route.ts';

/** What the HTTP listener needs. */
export interface HttpListenerOptions {
  readonly address: ListenAddress;
  readonly certificate: CertificateFiles | undefined;
  readonly writes: WriteRoute;
  readonly others: OtherRoutes;
  /** Milliseconds for the headers, for the whole request, and between requests of a connection. */
  readonly timeoutMs: number;
  /** More connections than this are closed as they come: the log needs descriptors too. */
  readonly maxConnections: number;
}

/** Request headers beyond this many bytes are refused with 431: rekor-tiles takes 100 KiB, and Node only 16 KiB by default. */
const MAX_HEADER_BYTES = 256 * 1024;

/** A listener that serves the API over HTTP/1.1. */
export class HttpListener {
  readonly #options: HttpListenerOptions;
  readonly #server: Server;
  /** Requests whose whole body is in and whose answer is not out, by connection: nothing else may be written there. */
  readonly #answering = new WeakMap<Duplex, number>();
  #closing = false;

  constructor(options: HttpListenerOptions) {
    this.#options = options;
    const { timeoutMs, certificate } = options;
    const settings = {
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      keepAliveTimeout: timeoutMs,
      connectionsCheckingInterval: Math.min(1000, timeoutMs),
      maxHeaderSize: MAX_HEADER_BYTES,
      // Its own refusal has no body; the routes say what is missing.
      requireHostHeader: false,
      noDelay: true,
    };
    if (certificate === undefined) {
      this.#server = createServer(settings);
    } else {
      const server = createSecureServer({ ...settings, ...certificate.current, minVersion: MIN_TLS_VERSION });
      certificate.onChange((fresh) => server.setSecureContext({ ...fresh, minVersion: MIN_TLS_VERSION }));
      this.#server = server;
    }
    this.#server.maxConnections = options.maxConnections;
    this.#server.on('request', (request, response) => this.#dispatch(request, response, false));
    this.#server.on('checkContinue', (request, response) => this.#dispatch(request, response, true));
    this.#server.on('checkExpectation', (request, response) => {
      send(request, response, { status: 417, body: '', close: true });
    });
    this.#server.on('connect', (request, socket) => this.#refuseMethod(socket, request.url ?? ''));
    this.#server.on('clientError', (error, socket) => this.#onClientError(error, socket));
  }

  /** Starts to listen; the port. Throws `ServerError`. */
  start(): Promise<number> {
    return listen(this.#server, this.#options.certificate === undefined ? 'HTTP' : 'HTTPS', this.#options.address);
  }

  /** Stops accepting, lets requests under way finish within `graceMs`, then closes every connection. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    if (!this.#server.listening) return;
    const timer = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(timer);
    this.#options.writes.close();
  }

  #dispatch(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    if (this.#closing) response.shouldKeepAlive = false;
    if (!this.#isWrite(request)) {
      this.#options.others.handle(request, response, expectsContinue);
      return;
    }
    if (expectsContinue) response.writeContinue();
    const { socket } = request;
    request.on('end', () => this.#answering.set(socket, 1));
    response.on('close', () => this.#answering.delete(socket));
    this.#options.writes.handle(request, response);
  }

  #isWrite(request: IncomingMessage): boolean {
    if (request.method !== 'POST') return false;
    if (request.url !== WRITE_PATH) {
      const target = pathOf(request.url ?? '');
      if (!('path' in target) || target.path !== WRITE_PATH) return false;
    }
    return effectiveMethod(request) === 'POST';
  }

  /** 501 for a known path, 404 for another: what a method that node:http does not pass on gets from grpc-gateway. */
  #refuseMethod(socket: Duplex, rawTarget: string): void {
    const target = pathOf(rawTarget);
    const known = 'path' in target && /^\/(healthz|api\/v2\/(log\/entries|checkpoint|tile\/.*))$/.test(target.path);
    writeRaw(socket, known ? METHOD_NOT_ALLOWED : NOT_FOUND);
  }

  #onClientError(error: Error, socket: Duplex): void {
    if (!socket.writable || this.#answering.has(socket) || ('code' in error && error.code === 'ECONNRESET')) {
      socket.destroy();
      return;
    }
    const unknown = unknownMethodOf(error);
    if (unknown === undefined) writeRaw(socket, wireErrorAnswer(error));
    else this.#refuseMethod(socket, unknown.target);
  }
}
