import type { Socket } from 'node:net';
import { connect as connectPlain } from 'node:net';
import { connect as connectSecure } from 'node:tls';

/** Where a log is, its name resolved once and for all: no later answer of a name server leads elsewhere. */
export interface Endpoint {
  /** The address without trailing slashes, for messages. */
  readonly url: string;
  readonly isSecure: boolean;
  readonly address: string;
  readonly port: number;
  /** As in the URL, for certificates. */
  readonly hostname: string;
  /** Value of the Host header. */
  readonly host: string;
  /** Path that the log's paths are appended to; no slash at its end. */
  readonly path: string;
}

/** Opens a connection; `onOpen` is called when requests can be sent. */
export function openSocket({ isSecure, address, port, hostname }: Endpoint, onOpen: () => void): Socket {
  if (!isSecure) return connectPlain({ host: address, port, noDelay: true }, onOpen);
  const socket = connectSecure({ host: address, port, servername: hostname }, onOpen);
  return socket.setNoDelay(true);
}
