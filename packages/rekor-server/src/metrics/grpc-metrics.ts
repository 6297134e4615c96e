import { GRPC_CODE_NAMES } from './grpc-codes.ts';
import { type Cell, Counter } from './prometheus/counter.ts';
import { type Distribution, Histogram } from './prometheus/histogram.ts';
import type { MetricRegistry } from './prometheus/metric-registry.ts';

const HEALTH = 'grpc.health.v1.Health';
const REKOR = 'dev.sigstore.rekor.v2.Rekor';

/** Every method of the gRPC listener, with its `grpc_type`; all start at zero, as rekor-tiles registers them. */
const METHODS: readonly (readonly [service: string, method: string, type: string])[] = [
  [HEALTH, 'Check', 'unary'],
  [HEALTH, 'List', 'unary'],
  [HEALTH, 'Watch', 'server_stream'],
  [REKOR, 'CreateEntry', 'unary'],
  [REKOR, 'GetCheckpoint', 'unary'],
  [REKOR, 'GetEntryBundle', 'unary'],
  [REKOR, 'GetTile', 'unary'],
  ['grpc.reflection.v1.ServerReflection', 'ServerReflectionInfo', 'bidi_stream'],
  ['grpc.reflection.v1alpha.ServerReflection', 'ServerReflectionInfo', 'bidi_stream'],
];

/** The counts of one gRPC method. HTTP writes count as `CreateEntry` too: in rekor-tiles the gateway dials gRPC. */
export interface CallMetrics {
  readonly started: Cell;
  readonly received: Cell;
  readonly sent: Cell;
  /** By status code number. */
  readonly handled: readonly Cell[];
  readonly seconds: Distribution;
  /** Bytes of request messages. */
  readonly size: Distribution;
}

/** Counts a finished call: its status, its time from start to answer, and one message sent where there was one. */
export function finishCall(metrics: CallMetrics, code: number, seconds: number, messagesSent: number): void {
  const handled = metrics.handled[code] ?? metrics.handled[2];
  if (handled !== undefined) handled.value += 1;
  metrics.sent.value += messagesSent;
  metrics.seconds.observe(seconds);
}

/** Counts a message that came in. */
export function receiveMessage(metrics: CallMetrics, bytes: number): void {
  metrics.received.value += 1;
  metrics.size.observe(bytes);
}

/** `grpc_server_*` and `rekor_v2_grpc_*`, with the names, types and labels of rekor-tiles. */
export interface GrpcMetrics {
  /** By `/package.Service/Method`. */
  readonly calls: ReadonlyMap<string, CallMetrics>;
  readonly createEntry: CallMetrics;
  readonly panics: Cell;
}

/** Registers the gRPC metrics. */
export function grpcMetrics(registry: MetricRegistry): GrpcMetrics {
  const labels = ['grpc_method', 'grpc_service', 'grpc_type'];
  const counter = (name: string, help: string, names: readonly string[]): Counter =>
    registry.register(new Counter(name, help, names));
  const started = counter('grpc_server_started_total', 'Calls started on the server.', labels);
  const handled = counter('grpc_server_handled_total', 'Calls completed on the server, whatever came of them.', [
    'grpc_code',
    ...labels,
  ]);
  const received = counter('grpc_server_msg_received_total', 'Messages received on the server.', labels);
  const sent = counter('grpc_server_msg_sent_total', 'Messages sent by the server.', labels);
  const seconds = registry.register(
    new Histogram('grpc_server_handling_seconds', 'Seconds from the start of a call to its answer.', labels),
  );
  const size = registry.register(
    new Histogram('rekor_v2_grpc_api_request_size', 'Bytes of a request message.', [
      'grpc_method',
      'grpc_packet_part',
      'grpc_service',
    ]),
  );
  const panics = counter(
    'rekor_v2_grpc_req_panics_recovered_total',
    'Requests that ended in an unexpected exception.',
    [],
  );
  const calls = new Map<string, CallMetrics>();
  for (const [service, method, type] of METHODS) {
    const values = [method, service, type];
    calls.set(`/${service}/${method}`, {
      started: started.cell(values),
      received: received.cell(values),
      sent: sent.cell(values),
      handled: GRPC_CODE_NAMES.map((code) => handled.cell([code, ...values])),
      seconds: seconds.cell(values),
      size: size.cell([method, 'payload', service]),
    });
  }
  const createEntry = calls.get(`/${REKOR}/CreateEntry`);
  if (createEntry === undefined) throw new RangeError('CreateEntry is not among the methods');
  return { calls, createEntry, panics: panics.cell() };
}
