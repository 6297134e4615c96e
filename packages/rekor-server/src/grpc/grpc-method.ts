import { type CallMetrics, finishCall, receiveMessage } from '../metrics/grpc-metrics.ts';
import type { GrpcCall } from './grpc-call.ts';
import { GrpcCode } from './grpc-code.ts';
import type { GrpcReply } from './grpc-reply.ts';

/** One method of a service: takes a call over. */
export type GrpcMethod = (call: GrpcCall) => void;

/** A unary method as most are: decode, answer at once, be counted. */
export interface SimpleMethod<T> {
  /** Throws for bytes that are no such message. */
  decode(message: Uint8Array): T;
  reply(request: T): GrpcReply;
}

/** What broken bytes of a message get, in the words of grpc-go. */
export function undecodable(error: unknown): GrpcReply {
  const why =
    error instanceof TypeError ? 'string field contains invalid UTF-8' : 'proto: cannot parse invalid wire-format data';
  return { status: GrpcCode.internal, message: `grpc: error unmarshalling request: ${why}` };
}

/** Takes the first message of a call and no more; a call that ends without one is answered here. */
export function onFirstMessage(call: GrpcCall, handle: (message: Uint8Array) => void): void {
  let taken = false;
  call.start({
    onMessage(message) {
      if (taken) return;
      taken = true;
      handle(message);
    },
    onEnd() {
      if (!taken) call.end({ status: GrpcCode.unknown, message: call.leftover === 0 ? 'EOF' : 'unexpected EOF' });
    },
  });
}

/** Makes a {@link GrpcMethod} of a {@link SimpleMethod}. */
export function simpleUnary<T>(
  method: SimpleMethod<T>,
  metrics: CallMetrics | undefined,
  nowMs: () => number,
): GrpcMethod {
  return (call) => {
    const startedAt = nowMs();
    onFirstMessage(call, (message) => {
      let request: T;
      try {
        request = method.decode(message);
      } catch (error) {
        call.end(undecodable(error));
        return;
      }
      const reply = method.reply(request);
      if (metrics !== undefined) {
        metrics.started.value += 1;
        receiveMessage(metrics, message.length);
        finishCall(metrics, reply.status, (nowMs() - startedAt) / 1000, 1);
      }
      call.end(reply);
    });
  };
}
