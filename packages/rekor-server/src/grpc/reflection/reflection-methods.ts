import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  Health,
  Rekor,
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  ServerReflectionResponseSchema,
  ServerReflectionV1Alpha,
} from '@tilewright/rekor-proto';
import { type CallMetrics, finishCall, receiveMessage } from '../../metrics/grpc-metrics.ts';
import type { GrpcCall } from '../grpc-call.ts';
import { GrpcCode } from '../grpc-code.ts';
import { type GrpcMethod, undecodable } from '../grpc-method.ts';
import type { GrpcReply } from '../grpc-reply.ts';
import { type DescriptorIndex, indexDescriptors } from './descriptor-index.ts';

type Answer = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']>;

// The space is one that does not break, as protobuf-go writes it.
const NOT_FOUND: Answer = { case: 'errorResponse', value: { errorCode: 5, errorMessage: 'proto:\u00a0not found' } };

// What this server tells of.
const SERVICES = [Rekor, Health, ServerReflection, ServerReflectionV1Alpha] as const;

/** The answer to one question; nothing for a request without one. `sent` holds the files that this stream has. */
function answerTo(request: ServerReflectionRequest, index: DescriptorIndex, sent: Set<string>): Answer | undefined {
  const { messageRequest: question } = request;
  switch (question.case) {
    case 'listServices':
      return { case: 'listServicesResponse', value: { service: index.services.map((name) => ({ name })) } };
    case 'fileByFilename':
    case 'fileContainingSymbol': {
      const isPath = question.case === 'fileByFilename';
      const file = isPath ? index.file(question.value) : index.fileOfSymbol(question.value);
      if (file === undefined) return NOT_FOUND;
      return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: index.withImports(file, sent) } };
    }
    case 'allExtensionNumbersOfType':
      if (!index.isMessage(question.value)) return NOT_FOUND;
      return { case: 'allExtensionNumbersResponse', value: { baseTypeName: question.value } };
    case 'fileContainingExtension':
      return NOT_FOUND;
    default:
      return undefined;
  }
}

function serve(call: GrpcCall, index: DescriptorIndex, metrics: CallMetrics | undefined, nowMs: () => number): void {
  const startedAt = nowMs();
  const sent = new Set<string>();
  let written = 0;
  if (metrics !== undefined) metrics.started.value += 1;
  const end = (reply: GrpcReply): void => {
    if (metrics !== undefined) finishCall(metrics, reply.status, (nowMs() - startedAt) / 1000, written);
    call.end(reply);
  };
  call.start({
    onMessage(message) {
      let request: ServerReflectionRequest;
      try {
        request = fromBinary(ServerReflectionRequestSchema, message);
      } catch (error) {
        end(undecodable(error));
        return;
      }
      if (metrics !== undefined) receiveMessage(metrics, message.length);
      const answer = answerTo(request, index, sent);
      if (answer === undefined) {
        end({ status: GrpcCode.invalidArgument, message: 'invalid MessageRequest: <nil>' });
        return;
      }
      const response = { validHost: request.host, originalRequest: request, messageResponse: answer };
      written += 1;
      call.write(toBinary(ServerReflectionResponseSchema, create(ServerReflectionResponseSchema, response)));
    },
    onEnd: () => end({ status: GrpcCode.ok, message: '' }),
  });
}

/**
 * `grpc.reflection.v1` and `v1alpha`, by path: services, files and symbols of everything that this server serves. Both have
 * the same messages on the wire.
 */
export function reflectionMethods(
  metrics: ReadonlyMap<string, CallMetrics>,
  nowMs: () => number,
): Map<string, GrpcMethod> {
  const index = indexDescriptors(SERVICES);
  return new Map(
    [ServerReflection, ServerReflectionV1Alpha].map(({ typeName }): [string, GrpcMethod] => {
      const path = `/${typeName}/ServerReflectionInfo`;
      return [path, (call) => serve(call, index, metrics.get(path), nowMs)];
    }),
  );
}
