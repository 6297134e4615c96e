import { GrpcCode } from './grpc-code.ts';

/** How a call ends. */
export interface GrpcReply {
  readonly status: number;
  /** Text of the status; any Unicode. */
  readonly message: string;
  /** Initial metadata, lower-case names. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** The one response message of a successful unary call. */
  readonly payload?: Uint8Array | undefined;
  /** Serialized `google.rpc.Status` for `grpc-status-details-bin`. */
  readonly details?: Uint8Array | undefined;
  /** HTTP status of a call that is refused before gRPC starts; 200 otherwise. */
  readonly httpStatus?: number | undefined;
}

/** An exception that nobody foresaw. */
export const INTERNAL_ERROR: GrpcReply = { status: GrpcCode.internal, message: 'internal server error' };
/** A call whose time is over. */
export const DEADLINE_EXCEEDED: GrpcReply = {
  status: GrpcCode.deadlineExceeded,
  message: 'context deadline exceeded',
};

/** `grpc-message` on the wire: percent-encoded UTF-8, printable ASCII but `%` as it is (gRPC over HTTP/2, "Responses"). */
export function encodeGrpcMessage(message: string): string {
  let encoded = '';
  for (const byte of Buffer.from(message)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** The trailers of a reply; the message is there even when it is empty, as grpc-go sends it. */
export function trailersOf(reply: GrpcReply): Record<string, string> {
  const trailers: Record<string, string> = {
    'grpc-status': String(reply.status),
    'grpc-message': encodeGrpcMessage(reply.message),
  };
  // Binary metadata is base64 without padding.
  if (reply.details !== undefined) {
    trailers['grpc-status-details-bin'] = Buffer.from(reply.details).toString('base64').replaceAll('=', '');
  }
  return trailers;
}
