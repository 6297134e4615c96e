import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
  HealthListRequestSchema,
  Rekor,
  ServingStatus,
} from '@tilewright/rekor-proto';
import type { GrpcMetrics } from '../metrics/grpc-metrics.ts';
import type { Readiness } from '../reading/server-facts.ts';
import { GrpcCode } from './grpc-code.ts';
import { type GrpcMethod, simpleUnary } from './grpc-method.ts';

/**
 * `grpc.health.v1.Health`, by path: the process (any name but one) always serves, as `/healthz`; the Rekor service by its
 * own name serves when the log is ready, as `/readyz`. Watch and List are unimplemented, as in rekor-tiles.
 */
export function healthMethods(
  readiness: Readiness,
  metrics: GrpcMetrics,
  nowMs: () => number,
): Map<string, GrpcMethod> {
  const answer = (status: (typeof ServingStatus)[keyof typeof ServingStatus]) =>
    toBinary(HealthCheckResponseSchema, create(HealthCheckResponseSchema, { status }));
  const serving = answer(ServingStatus.SERVING);
  const notServing = answer(ServingStatus.NOT_SERVING);
  const path = (method: string) => `/${Health.typeName}/${method}`;
  const method = <T>(
    name: string,
    decode: (message: Uint8Array) => T,
    reply: Parameters<typeof simpleUnary<T>>[0]['reply'],
  ): [string, GrpcMethod] => [path(name), simpleUnary({ decode, reply }, metrics.calls.get(path(name)), nowMs)];
  const unimplemented = (name: string) => () => ({
    status: GrpcCode.unimplemented,
    message: `method ${name} not implemented`,
  });
  return new Map([
    method(
      'Check',
      (message) => fromBinary(HealthCheckRequestSchema, message),
      ({ service }) => {
        const ready = service !== Rekor.typeName || readiness() === undefined;
        return { status: GrpcCode.ok, message: '', payload: ready ? serving : notServing };
      },
    ),
    method('Watch', (message) => fromBinary(HealthCheckRequestSchema, message), unimplemented('Watch')),
    method('List', (message) => fromBinary(HealthListRequestSchema, message), unimplemented('List')),
  ]);
}
