import { DEFAULT_LIMITS, type RekorServerOptions } from '@tilewright/rekor-server';
import { programVersion } from '../cli/version.ts';
import type { ServeSettings } from './config/settings.ts';
import { connectionLimit } from './connection-limit.ts';

/** What runs, for metrics and `/version`. */
export function buildInfo(): RekorServerOptions['build'] {
  return { version: programVersion(), revision: 'unknown', buildDate: 'unknown' };
}

/** The server's options as the settings say. */
export function serverOptions({ values, httpTls, grpcTls }: ServeSettings): RekorServerOptions {
  const debug = values['log-level'] === 'debug';
  return {
    ...DEFAULT_LIMITS,
    http: { host: values['http-address'], port: values['http-port'], ...httpTls },
    grpc: { host: values['grpc-address'], port: values['grpc-port'], ...grpcTls },
    metrics: { host: values['http-address'], port: values['http-metrics-port'] },
    timeoutMs: values['server-timeout'],
    maxRequestBytes: values['max-request-body-size'],
    maxConnections: connectionLimit(),
    onDuplicate: values['on-duplicate'] === 'return' ? 'return' : 'reject',
    callLog: { calls: debug, bodies: debug && values['request-response-logging'] },
    build: buildInfo(),
  };
}
