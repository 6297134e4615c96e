import type { ServeSettings } from './config/settings.ts';

/** What somebody needs to know to use a running server. */
export interface ServerFacts {
  readonly origin: string;
  readonly vkey: string;
  /** Base64 of 32 bytes. */
  readonly logId: string;
  readonly httpUrl: string;
  /** `host:port`. */
  readonly grpcTarget: string;
  readonly metricsUrl: string;
}

/** The facts of a server with these settings. Its URLs name the host that a client on this machine can connect to. */
export function serverFacts({ values, origin, key, httpTls }: ServeSettings): ServerFacts {
  const scheme = httpTls === undefined ? 'http' : 'https';
  const host = reachable(values['http-address'], origin);
  return {
    origin,
    vkey: key.vkey,
    logId: key.logIdBase64,
    httpUrl: serviceUrl(scheme, host, values['http-port']),
    grpcTarget: `${reachable(values['grpc-address'], origin)}:${values['grpc-port']}`,
    metricsUrl: `${serviceUrl('http', host, values['http-metrics-port'])}/metrics`,
  };
}

/** `scheme://host[:port]`, without the port that the scheme implies. */
export function serviceUrl(scheme: 'http' | 'https', host: string, port: number): string {
  return port === (scheme === 'http' ? 80 : 443) ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
}

/** A loopback listener of the log called localhost is reached under that name, which its trusted root needs. */
function reachable(address: string, origin: string): string {
  const loopback = ['127.0.0.1', '::1', '0.0.0.0', '::', '', 'localhost'].includes(address);
  if (loopback && origin === 'localhost') return origin;
  if (['0.0.0.0', '::', ''].includes(address)) return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
}
