import type { Server } from 'node:net';
import { ServerError, type ServerErrorCode } from '../server-error.ts';

/** Where a listener listens. */
export interface ListenAddress {
  readonly host: string;
  /** 1 to 65535; 0 picks a free one, in tests. */
  readonly port: number;
}

/** Connections that the kernel keeps waiting while the process is busy. */
const BACKLOG = 4096;

const CODES: Readonly<Record<string, readonly [ServerErrorCode, string]>> = {
  EADDRINUSE: ['port-busy', 'is in use by another process: stop that one or choose another port'],
  EACCES: ['port-forbidden', 'needs more rights: choose a port above 1023'],
  EADDRNOTAVAIL: ['address-unavailable', 'is no address of this machine'],
  ENOTFOUND: ['address-unavailable', 'is a name that does not resolve'],
};

/** Turns what a failed `listen` says into a {@link ServerError}; `listener` is its name in messages. */
export function listenError(error: unknown, listener: string, address: ListenAddress): ServerError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [kind, advice] = CODES[code] ?? (['address-unavailable', 'cannot be listened on'] as const);
  return new ServerError(kind, `${listener}: ${address.host}:${address.port} ${advice}`, { cause: error });
}

/**
 * Listens and returns the port; with `reusePort`, others that ask for it too may listen on it besides.
 * Throws {@link ServerError}.
 */
export async function listen(
  server: Server,
  listener: string,
  address: ListenAddress,
  reusePort = false,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error) => reject(listenError(error, listener, address));
    server.once('error', failed);
    server.listen({ host: address.host, port: address.port, backlog: BACKLOG, reusePort }, () => {
      server.off('error', failed);
      resolve();
    });
  });
  const bound = server.address();
  return bound !== null && typeof bound === 'object' ? bound.port : address.port;
}
