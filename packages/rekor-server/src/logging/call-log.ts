import { GRPC_CODE_NAMES } from '../metrics/grpc-codes.ts';
import type { ServerLog } from './server-log.ts';

/** Writes down calls and what they carried; there only when the operator asked for it. */
export interface CallLog {
  /** A whole request or answer body. */
  body(direction: 'received' | 'sent', body: Uint8Array | string, traceId: string): void;
  /** A decided call. */
  finished(grpcCode: number, ms: number, traceId: string): void;
}

/** What of each call is logged, at debug level. */
export interface CallLogOptions {
  /** One line a call. */
  readonly calls: boolean;
  /** Whole bodies too. */
  readonly bodies: boolean;
}

/** Longest part of a body that is logged, in characters. */
const MAX_LOGGED_CHARACTERS = 16_384;

function printable(body: Uint8Array | string): string {
  if (typeof body === 'string') return body.slice(0, MAX_LOGGED_CHARACTERS);
  // JSON as it came; protobuf, and anything else that is no text, as base64.
  const buffer = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, MAX_LOGGED_CHARACTERS));
  return buffer[0] === 0x7b ? buffer.toString('utf8') : buffer.toString('base64');
}

/** Makes the call log that `options` ask for; nothing when they ask for none. */
export function createCallLog(log: ServerLog, options: CallLogOptions): CallLog | undefined {
  if (!options.calls && !options.bodies) return undefined;
  return {
    body(direction, body, trace) {
      if (options.bodies) log.debug(`payload ${direction}`, { body: printable(body), bytes: body.length, trace });
    },
    finished(grpcCode, ms, trace) {
      if (!options.calls) return;
      log.debug('finished call', { method: 'CreateEntry', code: GRPC_CODE_NAMES[grpcCode] ?? 'Unknown', ms, trace });
    },
  };
}
