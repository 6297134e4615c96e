import { createServer, type RequestListener, type Server } from 'node:http';
import { WitnessError } from '../../witness-error.ts';

/** What clients may take. Milliseconds, but for `maxConnections`. */
export interface ListenerLimits {
  /** For the head of a request. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
  /** Between two requests of a connection: longer than logs publish, so that they need not connect again. */
  readonly keepAliveMs: number;
  /** Without a byte in either direction while a request is under way: for clients that do not read. */
  readonly idleMs: number;
  /** More are closed as they come. */
  readonly maxConnections: number;
}

/** For logs that publish every few seconds, or every minute. */
export const DEFAULT_LISTENER_LIMITS: ListenerLimits = {
  headersMs: 5000,
  requestMs: 10_000,
  keepAliveMs: 75_000,
  idleMs: 30_000,
  maxConnections: 512,
};

/** Where to listen. */
export interface ListenAddress {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
}

/** A listener that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no new requests, lets those under way be answered for `graceMs`, and closes every connection. */
  close(graceMs: number): Promise<void>;
}

const MAX_HEADER_BYTES = 16 * 1024;
const CHECK_MS = 1000;
const SWEEP_MS = 20;

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'needs more rights: choose a port above 1023',
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'is a name that does not resolve',
};

/** Listens. @throws WitnessError `port-busy`, `address-unavailable` */
export async function listen(
  handler: RequestListener,
  address: ListenAddress,
  limits: ListenerLimits,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
      maxHeaderSize: MAX_HEADER_BYTES,
      noDelay: true,
    },
    handler,
  );
  server.timeout = limits.idleMs;
  server.maxConnections = limits.maxConnections;
  await new Promise<void>((resolve, reject) => {
    // It stays: one that cannot accept a connection goes on with the next.
    server.on('error', (error) => reject(listenFailure(error, address)));
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : address.port;
  return { port, close: (graceMs) => close(server, graceMs) };
}

async function close(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose request was answered meanwhile is idle, and would stay.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

function listenFailure(error: Error, { host, port }: ListenAddress): WitnessError {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') {
    const why = 'is in use by another process: stop that one or choose another port';
    return new WitnessError('port-busy', `${host}:${port} ${why}`, { cause: error });
  }
  const why = WHY[code] ?? `cannot be listened on (${code})`;
  return new WitnessError('address-unavailable', `${host}:${port} ${why}`, { cause: error });
}
