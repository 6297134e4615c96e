import { type GrpcMetrics, grpcMetrics } from './grpc-metrics.ts';
import { HttpMetrics } from './http-metrics.ts';
import { type Cell, Counter } from './prometheus/counter.ts';
import { Gauge } from './prometheus/gauge.ts';
import { MetricRegistry } from './prometheus/metric-registry.ts';

/** What `rekor_v2_build_info` tells. */
export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
  readonly buildDate: string;
}

/** Every metric of one server. */
export interface ServerMetrics {
  readonly registry: MetricRegistry;
  readonly grpc: GrpcMetrics;
  readonly http: HttpMetrics;
  /** Entries of each kind that were new. */
  readonly newEntries: Readonly<Record<'hashedrekord' | 'dsse', Cell>>;
  /** Proofs of our own that did not verify: should always be zero. */
  readonly proofFailures: Cell;
  /** Worker threads that died and were started again. */
  readonly workerRestarts: Cell;
  /** Threads that serve clients, died, and were started again. */
  readonly frontEndRestarts: Cell;
  /** Requests refused because too many bytes or requests wait in this process. */
  readonly refused: Counter;
  /** 1 for the backend that verifies ECDSA signatures: `openssl` or `portable`. */
  readonly verifyBackend: Gauge;
}

/** Makes a fresh registry with every metric of the server and nothing else. */
export function createServerMetrics(build: BuildInfo): ServerMetrics {
  const registry = new MetricRegistry();
  const counter = (name: string, help: string, labels: readonly string[] = []): Counter =>
    registry.register(new Counter(name, help, labels));
  registry
    .register(
      new Gauge('rekor_v2_build_info', 'Always 1; the labels say what runs.', [
        'build_date',
        'goversion',
        'revision',
        'version',
      ]),
    )
    .set(1, [build.buildDate, process.version, build.revision, build.version]);
  return {
    registry,
    grpc: grpcMetrics(registry),
    http: new HttpMetrics(registry),
    newEntries: {
      hashedrekord: counter('rekor_v2_new_hashedrekord_entries', 'New hashedrekord entries.').cell(),
      dsse: counter('tilewright_new_dsse_entries_total', 'New dsse entries.').cell(),
    },
    proofFailures: counter(
      'rekor_v2_inclusion_proof_failure_total',
      'Inclusion proofs that did not verify before they were sent. Anything but zero is an alarm.',
    ).cell(),
    workerRestarts: counter(
      'tilewright_verify_worker_restarts_total',
      'Verify workers that died and were replaced.',
    ).cell(),
    frontEndRestarts: counter(
      'tilewright_http_worker_restarts_total',
      'Threads serving clients that died and were replaced.',
    ).cell(),
    refused: counter('tilewright_requests_refused_total', 'Requests refused for want of room in this process.', [
      'reason',
    ]),
    verifyBackend: registry.register(
      new Gauge('tilewright_verify_backend', '1 for the library that verifies ECDSA signatures.', ['backend']),
    ),
  };
}
