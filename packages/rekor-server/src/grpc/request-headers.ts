import type { IncomingHttpHeaders } from 'node:http2';
import { base64FaultAt } from '../encoding/base64-fault.ts';
import { GrpcCode } from './grpc-code.ts';
import type { GrpcReply } from './grpc-reply.ts';

/** What the headers of a call say. */
export interface CallHeaders {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Content type of the answer: `application/grpc` with the request's subtype. */
  readonly contentType: string;
  /** Milliseconds that the client grants; `undefined` for no limit. */
  readonly timeoutMs: number | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };
const CONTENT_TYPE = /^application\/grpc(?:$|[+;](.*)$)/s;

function refusal(httpStatus: number, status: number, message: string): GrpcReply {
  return { httpStatus, status, message };
}

function parseTimeout(value: string): number | string {
  if (value.length < 2) return `transport: timeout string is too short: ${JSON.stringify(value)}`;
  if (value.length > 9) return `transport: timeout string is too long: ${JSON.stringify(value)}`;
  const unitMs = UNIT_MS[value.slice(-1)];
  if (unitMs === undefined) return `transport: timeout unit is not recognized: ${JSON.stringify(value)}`;
  const digits = value.slice(0, -1);
  if (!/^[0-9]+$/.test(digits)) return `transport: timeout is not a number: ${JSON.stringify(value)}`;
  return Number(digits) * unitMs;
}

function badBinaryMetadata(headers: IncomingHttpHeaders): GrpcReply | undefined {
  for (const [name, value] of Object.entries(headers)) {
    if (!name.endsWith('-bin') || typeof value !== 'string') continue;
    const at = base64FaultAt(value);
    if (at === undefined) continue;
    const why = `illegal base64 data at input byte ${at}`;
    return refusal(
      400,
      GrpcCode.internal,
      `malformed binary metadata ${JSON.stringify(value)} in header ${JSON.stringify(name)}: ${why}`,
    );
  }
  return undefined;
}

/** Reads the headers of a call, or says how it is refused, in the words of grpc-go. */
export function readCallHeaders(headers: IncomingHttpHeaders): CallHeaders | GrpcReply {
  const method = headers[':method'];
  if (method !== 'POST') {
    const message = `Received a HEADERS frame with :method ${JSON.stringify(method ?? '')} which should be POST`;
    return refusal(405, GrpcCode.internal, message);
  }
  const contentType = headers['content-type'] ?? '';
  const subtype = CONTENT_TYPE.exec(contentType.toLowerCase());
  if (subtype === null) {
    const message = `invalid gRPC request content-type ${JSON.stringify(contentType)}`;
    return refusal(415, GrpcCode.invalidArgument, message);
  }
  const timeout = headers['grpc-timeout'];
  const timeoutMs = typeof timeout === 'string' ? parseTimeout(timeout) : undefined;
  if (typeof timeoutMs === 'string') return refusal(400, GrpcCode.internal, `malformed grpc-timeout: ${timeoutMs}`);
  const badBinary = badBinaryMetadata(headers);
  if (badBinary !== undefined) return badBinary;
  const encoding = headers['grpc-encoding'];
  if (typeof encoding === 'string' && encoding !== '' && encoding !== 'identity') {
    const message = `grpc: Decompressor is not installed for grpc-encoding ${JSON.stringify(encoding)}`;
    return { status: GrpcCode.unimplemented, message };
  }
  return {
    path: headers[':path'] ?? '',
    contentType: subtype[1] ? `application/grpc+${subtype[1]}` : 'application/grpc',
    timeoutMs,
  };
}

/** What a path without a handler gets: grpc-go tells a malformed name, an unknown service and an unknown method apart. */
export function unknownMethod(path: string, services: ReadonlySet<string>): GrpcReply {
  const slash = path.lastIndexOf('/');
  const service = path.slice(1, slash);
  if (!path.startsWith('/') || slash <= 0) {
    return { status: GrpcCode.unimplemented, message: `malformed method name: ${JSON.stringify(path)}` };
  }
  const message = services.has(service)
    ? `unknown method ${path.slice(slash + 1)} for service ${service}`
    : `unknown service ${service}`;
  return { status: GrpcCode.unimplemented, message };
}
