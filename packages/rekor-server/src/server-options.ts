import type { ListenAddress } from './listen/address.ts';
import type { CertificatePaths } from './listen/certificate-files.ts';
import type { CallLogOptions } from './logging/call-log.ts';
import type { BuildInfo } from './metrics/server-metrics.ts';
import { ServerError } from './server-error.ts';

/** One listener of the API. TLS needs both files. */
export interface ApiListenerOptions extends ListenAddress, Partial<CertificatePaths> {}

/** How the server runs; made once by the app. Milliseconds and bytes. */
export interface RekorServerOptions {
  readonly http: ApiListenerOptions;
  readonly grpc: ApiListenerOptions;
  readonly metrics: ListenAddress;
  /** For a request's headers, its body, its answer, and a connection between requests. */
  readonly timeoutMs: number;
  /** Longest HTTP body and gRPC message. */
  readonly maxRequestBytes: number;
  /** Request bytes of all connections together that may be held while requests come in. */
  readonly maxBufferedBytes: number;
  /** Bytes of full tiles and bundles that are kept for the next who asks. */
  readonly maxCachedBytes: number;
  /** Connections of each API listener: well below the process' limit of open files, which the log needs too. */
  readonly maxConnections: number;
  /** What a submission of an entry that the log holds gets. */
  readonly onDuplicate: 'reject' | 'return';
  /** How often certificate files are looked at. */
  readonly certificatePollMs: number;
  readonly callLog: CallLogOptions;
  readonly build: BuildInfo;
  /** The API's ports are claimed already, and other threads listen on them too: so many sockets on each. */
  readonly claimedSockets?: number | undefined;
  /** Lets a port be 0, for a free one: in tests. */
  readonly allowAnyPort?: boolean | undefined;
}

/** Limits and times of rekor-tiles, and ours where it has none. */
export const DEFAULT_LIMITS: Pick<
  RekorServerOptions,
  | 'timeoutMs'
  | 'maxRequestBytes'
  | 'maxBufferedBytes'
  | 'maxCachedBytes'
  | 'maxConnections'
  | 'onDuplicate'
  | 'certificatePollMs'
> = {
  timeoutMs: 20_000,
  maxRequestBytes: 4 * 1024 * 1024,
  maxBufferedBytes: 256 * 1024 * 1024,
  maxCachedBytes: 16 * 1024 * 1024,
  maxConnections: 8192,
  onDuplicate: 'reject',
  certificatePollMs: 5000,
};

function bad(message: string): ServerError {
  return new ServerError('bad-options', message);
}

/** The certificate paths of a listener, or nothing. Throws {@link ServerError} for half of a pair. */
export function certificatePathsOf(listener: string, options: ApiListenerOptions): CertificatePaths | undefined {
  const { certFile, keyFile } = options;
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw bad(`${listener}: TLS needs a certificate file and a key file; give both or neither`);
  }
  return { certFile, keyFile };
}

/** Refuses what cannot work, before anything listens. Throws {@link ServerError} 'bad-options'. */
export function checkOptions(
  options: Pick<RekorServerOptions, 'http' | 'metrics' | 'allowAnyPort'> & {
    readonly grpc?: RekorServerOptions['grpc'] | undefined;
  },
): void {
  const { http, grpc, metrics } = options;
  const listeners = [
    ['HTTP', http] as const,
    ...(grpc === undefined ? [] : [['gRPC', grpc] as const]),
    ['metrics', metrics] as const,
  ];
  const seen = new Map<string, string>();
  for (const [name, { host, port }] of listeners) {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw bad(`${name}: ${port} is no port`);
    if (port === 0) {
      if (options.allowAnyPort === true) continue;
      throw bad(`${name}: port 0 would pick any free port; choose one from 1 to 65535`);
    }
    const place = `${host}:${port}`;
    const other = seen.get(place);
    if (other !== undefined) throw bad(`${other} and ${name} both want ${place}: give each its own port`);
    seen.set(place, name);
  }
}
