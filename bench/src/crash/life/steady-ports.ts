import { createServer } from 'node:net';
import type { ServerPorts } from '../../server/server-process.ts';

/**
 * Below the ports that systems give to outgoing connections: a client that asks whether a server is back would else, once
 * in some ten thousand times, be connected to itself, and hold the server's port.
 */
const FIRST = 20_000;
const LAST = 32_000;

/** Three ports that nobody listens on now, and that no client is given while the server is down. */
export async function steadyPorts(): Promise<ServerPorts> {
  const [http, grpc, metrics] = [await onePort(), await onePort(), await onePort()];
  return new Set([http, grpc, metrics]).size === 3 ? { http, grpc, metrics } : steadyPorts();
}

async function onePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
