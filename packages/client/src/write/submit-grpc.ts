import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Any, anyUnpack } from '@bufbuild/protobuf/wkt';
import { decodeBase64 } from '@tilewright/core/bytes';
import {
  CreateEntryRequestSchema,
  RetryInfoSchema,
  StatusSchema,
  type TransparencyLogEntry,
  TransparencyLogEntrySchema,
} from '@tilewright/rekor-proto';
import { ClientError } from '../client-error.ts';
import { leafOf } from '../entry/expected-leaf.ts';
import { type ExpectedLeaf, verifyLogEntry } from '../entry/verify-log-entry.ts';
import { type GrpcReply, type GrpcTarget, unaryCall } from './grpc-call.ts';
import { createEntryRequest, type Submission } from './submission.ts';
import { DEFAULT_SUBMIT_TIMEOUT_MS, retryWhileBusy, type SubmitOptions } from './submit-options.ts';
import { indexFromHeader, type SubmitResult, shownMessage } from './submit-result.ts';

/** A submission over gRPC. */
export interface SubmitGrpcOptions extends SubmitOptions {
  /** PEM certificates to trust instead of the platform's; for `https://` addresses. */
  readonly ca?: string | undefined;
}

const METHOD = '/dev.sigstore.rekor.v2.Rekor/CreateEntry';
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/** gRPC status codes that a Rekor v2 log gives a meaning of its own. */
const ALREADY_EXISTS = 6;
const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;
/** Codes that say that the request is wrong: invalid argument, not found, permission, exhausted, precondition, range, identity. */
const REQUEST_FAULTS: ReadonlySet<number> = new Set([3, 5, 7, 8, 9, 11, UNIMPLEMENTED, 16]);

/**
 * Submits a signature to a Rekor v2 log over gRPC. The answer is verified as `submitHttp` does.
 *
 * @param address `host:port` or `http://…` without TLS, `https://…` with it
 * @throws ClientError as `submitHttp`
 */
export async function submitGrpc(
  address: string,
  submission: Submission,
  options: SubmitGrpcOptions,
): Promise<SubmitResult> {
  const target: GrpcTarget = { address, ca: options.ca };
  // Before the request: it says what is wrong with a signature that cannot be logged.
  const leaf = leafOf(submission);
  const request = toBinary(CreateEntryRequestSchema, createEntryRequest(submission));
  const limits = {
    timeoutMs: options.timeoutMs ?? DEFAULT_SUBMIT_TIMEOUT_MS,
    maxReplyBytes: MAX_REPLY_BYTES,
    signal: options.signal,
  };
  return retryWhileBusy(options, async () => resultOf(await unaryCall(target, METHOD, request, limits), options, leaf));
}

function resultOf(reply: GrpcReply, options: SubmitOptions, leaf: ExpectedLeaf): SubmitResult {
  const status = { protocol: 'grpc', code: reply.status } as const;
  const message = shownMessage(reply.message);
  if (reply.body !== undefined) {
    const { body } = reply;
    const created = decoded(() => fromBinary(TransparencyLogEntrySchema, body));
    return { kind: 'created', entry: verifyLogEntry(created, options.log, leaf) };
  }
  const details = detailsOf(reply);
  if (reply.status === ALREADY_EXISTS) {
    const existing = first(details, (any): TransparencyLogEntry | undefined =>
      anyUnpack(any, TransparencyLogEntrySchema),
    );
    const entry = existing && verifyLogEntry(existing, options.log, leaf);
    const index = entry?.index ?? indexFromHeader(single(reply.metadata['x-log-index']));
    return { kind: 'exists', index, ...(entry && { entry }), message };
  }
  if (reply.status === UNAVAILABLE) {
    const delay = first(details, (any) => anyUnpack(any, RetryInfoSchema))?.retryDelay;
    const retryAfterMs = delay && Number(delay.seconds) * 1000 + Math.ceil(delay.nanos / 1e6);
    return { kind: 'busy', status, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  if (reply.status === UNIMPLEMENTED && message.includes('frozen')) return { kind: 'frozen', status, message };
  return { kind: REQUEST_FAULTS.has(reply.status) ? 'refused' : 'failed', status, message };
}

/** `grpc-status-details-bin` is base64, by many servers without padding. */
function detailsOf(reply: GrpcReply): readonly Any[] {
  const text = single(reply.metadata['grpc-status-details-bin']);
  if (text === undefined) return [];
  return decoded(() => {
    const unpadded = text.replaceAll('=', '');
    const padded = unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, '=');
    return fromBinary(StatusSchema, decodeBase64(padded)).details;
  });
}

function first<T>(details: readonly Any[], unpack: (any: Any) => T | undefined): T | undefined {
  return decoded(() => details.map(unpack).find((message) => message !== undefined));
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new ClientError('malformed', 'the reply is not the protobuf message that it should be', { cause });
  }
}
