import { connect as connectPlain, isIP, type Socket } from 'node:net';
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
  // A certificate for an IP address is compared with that; no name may be sent then (RFC 6066, section 3).
  const name = isIP(hostname) === 0 ? { servername: hostname } : {};
  const socket = connectSecure({ host: address, port, ...name }, onOpen);
  return socket.setNoDelay(true);
}
