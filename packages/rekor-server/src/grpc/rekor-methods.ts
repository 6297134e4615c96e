import { fromBinary } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import { EntryBundleRequestSchema, Rekor, TileRequestSchema } from '@tilewright/rekor-proto';
import type { CallLog } from '../logging/call-log.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import { countCreateEntry } from '../service/count-call.ts';
import type { CreatedEntry, EntryService } from '../service/create-entry.ts';
import { EntryBytes } from '../service/entry-bytes.ts';
import { statusDetails } from '../service/error-details.ts';
import type { ServiceError } from '../service/service-error.ts';
import { STATUS } from '../status.ts';
import type { GrpcCall } from './grpc-call.ts';
import { GrpcCode } from './grpc-code.ts';
import { type GrpcMethod, onFirstMessage, simpleUnary } from './grpc-method.ts';
import { type GrpcReply, INTERNAL_ERROR } from './grpc-reply.ts';

/** What the Rekor service needs. */
export interface RekorMethodsOptions {
  readonly service: EntryService;
  /** The full 32-byte key hash. */
  readonly logId: Uint8Array;
  readonly metrics: ServerMetrics;
  readonly nowMs: () => number;
  readonly callLog: CallLog | undefined;
  /** Gets exceptions that no reply foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** What `CreateEntry` answers to an outcome of the service. */
export function createEntryReply(
  outcome: CreatedEntry | ServiceError,
  logId: Uint8Array,
  entries: EntryBytes,
): GrpcReply {
  if (outcome.ok) {
    const payload = entries.encode(outcome.entry);
    return { status: GrpcCode.ok, message: '', metadata: { 'x-http-code': '201' }, payload };
  }
  const { http, grpc, plainText } = STATUS[outcome.code];
  // rekor-tiles tells its HTTP gateway with these what to answer, and gRPC callers see them.
  const frozen =
    plainText === undefined ? undefined : { 'x-http-code': String(http), 'x-http-error-message': plainText };
  const metadata = outcome.index === undefined ? frozen : { 'x-log-index': String(outcome.index) };
  return { status: grpc, message: outcome.message, metadata, details: statusDetails(outcome, logId) };
}

/** The methods of `dev.sigstore.rekor.v2.Rekor`, by path. Reads are served over HTTP only, as in rekor-tiles. */
export function rekorMethods(options: RekorMethodsOptions): Map<string, GrpcMethod> {
  const { service, logId, metrics, nowMs, callLog } = options;
  const entries = new EntryBytes(logId);
  const decided = (call: GrpcCall, outcome: CreatedEntry | ServiceError, bytes: number, ms: number): void => {
    countCreateEntry(metrics, outcome, bytes, ms / 1000);
    callLog?.finished(outcome.ok ? GrpcCode.ok : STATUS[outcome.code].grpc, ms, call.traceId());
    if (call.isEnded) return;
    const reply = createEntryReply(outcome, logId, entries);
    callLog?.body('sent', reply.payload ?? reply.message, call.traceId());
    call.end(reply);
  };
  const createEntry: GrpcMethod = (call) => {
    const startedAt = nowMs();
    onFirstMessage(call, (body) => {
      callLog?.body('received', body, call.traceId());
      service
        .createEntry({ kind: 'proto', body }, call)
        .then((outcome) => decided(call, outcome, body.length, nowMs() - startedAt))
        .catch((error: unknown) => {
          options.onPanic(error);
          call.end(INTERNAL_ERROR);
        });
    });
  };
  const path = (method: string) => `/${Rekor.typeName}/${method}`;
  const unimplemented = (method: string, decode: (message: Uint8Array) => unknown): [string, GrpcMethod] => {
    const reply = () => ({ status: GrpcCode.unimplemented, message: `method ${method} not implemented` });
    return [path(method), simpleUnary({ decode, reply }, metrics.grpc.calls.get(path(method)), nowMs)];
  };
  return new Map([
    [path('CreateEntry'), createEntry],
    unimplemented('GetTile', (message) => fromBinary(TileRequestSchema, message)),
    unimplemented('GetEntryBundle', (message) => fromBinary(EntryBundleRequestSchema, message)),
    unimplemented('GetCheckpoint', (message) => fromBinary(EmptySchema, message)),
  ]);
}
