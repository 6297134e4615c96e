import { createServer, type Server } from 'node:net';
import { type ListenAddress, listen } from './address.ts';

/** Sockets that share a port, those of all threads together. */
export const SOCKETS = 16;

/** A server's port, and the sockets beside its own that take connections on it. */
export interface SharedPort {
  readonly port: number;
  /** Stops taking connections; resolves when those that came this way are closed. */
  close(): Promise<void>;
}

/** How a listener shares its port. */
export interface Sharing {
  /** As the server that the connections are given to has it. */
  readonly allowHalfOpen: boolean;
  /** Sockets to listen with on a port that {@link claimPort} has claimed. Without it the port is claimed first. */
  readonly claimedSockets?: number | undefined;
}

/** Whether several sockets, also of several threads, can take connections on one port and get equal parts of them. */
export function sharesPorts(): boolean {
  return process.platform === 'linux';
}

/**
 * Listens with many sockets on one port. Node takes one connection a socket in each turn of its event loop, and a turn
 * under load is long: with one socket three thousand writers kept every new client, a health check too, waiting for six
 * seconds; with sixteen for 40 ms. Where the platform cannot share a port, the server's own socket is the only one.
 *
 * @throws ServerError, also when another process listens on the port
 */
export async function listenWidely(
  server: Server,
  listener: string,
  address: ListenAddress,
  { allowHalfOpen, claimedSockets }: Sharing,
): Promise<SharedPort> {
  if (!sharesPorts()) return { port: await listen(server, listener, address), close: async () => undefined };
  const port = claimedSockets === undefined ? await claimPort(listener, address) : address.port;
  const sockets = claimedSockets ?? SOCKETS;
  const others: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(others.map((other) => new Promise((resolve) => other.close(resolve))));
  };
  await listen(server, listener, { ...address, port }, true);
  try {
    while (others.length < sockets - 1) {
      const other = createServer({ allowHalfOpen, noDelay: true }, (socket) => server.emit('connection', socket));
      await listen(other, listener, { ...address, port }, true);
      others.push(other);
    }
  } catch (error) {
    server.close();
    await close();
    throw error;
  }
  return { port, close };
}

/**
 * The port, if nobody has it: one that can be shared would be taken although somebody does.
 * @throws ServerError
 */
export async function claimPort(listener: string, address: ListenAddress): Promise<number> {
  const probe = createServer();
  const port = await listen(probe, listener, address);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
