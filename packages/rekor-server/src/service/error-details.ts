import { create, type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { type Any, AnySchema, anyPack } from '@bufbuild/protobuf/wkt';
import { ErrorInfoSchema, RetryInfoSchema, StatusSchema, TransparencyLogEntrySchema } from '@tilewright/rekor-proto';
import { asciiJson } from '../encoding/ascii-json.ts';
import { STATUS } from '../status.ts';
import type { EntryJson } from './entry-json.ts';
import { entryMessage } from './entry-message.ts';
import type { ServiceError } from './service-error.ts';

/** `domain` of every `google.rpc.ErrorInfo` that we send. */
export const ERROR_DOMAIN = 'tilewright';

/**
 * Largest existing entry, in bytes, that goes into `grpc-status-details-bin`: some clients cap all metadata near 8 KiB, and
 * base64 makes it a third longer.
 */
export const MAX_DETAIL_BYTES = 4096;

const TYPE_PREFIX = 'type.googleapis.com/';

/** `bad-signature` as `ErrorInfo.reason` wants it: `BAD_SIGNATURE`. */
function upperSnake(code: string): string {
  return code.toUpperCase().replaceAll('-', '_');
}

function anyJson(schema: DescMessage, fields: string): string {
  return `{"@type":"${TYPE_PREFIX}${schema.typeName}",${fields}}`;
}

/** `details` of an error as protobuf `Any` in JSON: the elements, without the brackets. Empty when there is none. */
export function detailsJson(error: ServiceError, entries: EntryJson): string {
  if (error.existing !== undefined) return anyJson(TransparencyLogEntrySchema, entries.fields(error.existing));
  if (error.code === 'invalid-request' && error.reason !== undefined) {
    const metadata = error.detail === undefined ? '' : `"detail":${asciiJson(error.detail)}`;
    const reason = asciiJson(upperSnake(error.reason));
    return anyJson(ErrorInfoSchema, `"reason":${reason},"domain":"${ERROR_DOMAIN}","metadata":{${metadata}}`);
  }
  if (error.retryAfterMs !== undefined) return anyJson(RetryInfoSchema, `"retryDelay":"${error.retryAfterMs / 1000}s"`);
  return '';
}

function pack<S extends DescMessage>(schema: S, message: MessageShape<S>): Any {
  const any = anyPack(schema, message);
  return create(AnySchema, any);
}

function detailsOf(error: ServiceError, logId: Uint8Array): Any[] {
  if (error.existing !== undefined) {
    const any = pack(TransparencyLogEntrySchema, entryMessage(error.existing, logId));
    return any.value.length <= MAX_DETAIL_BYTES ? [any] : [];
  }
  if (error.code === 'invalid-request' && error.reason !== undefined) {
    const metadata: Record<string, string> = error.detail === undefined ? {} : { detail: error.detail };
    return [
      pack(
        ErrorInfoSchema,
        create(ErrorInfoSchema, { reason: upperSnake(error.reason), domain: ERROR_DOMAIN, metadata }),
      ),
    ];
  }
  if (error.retryAfterMs === undefined) return [];
  const seconds = Math.floor(error.retryAfterMs / 1000);
  const nanos = (error.retryAfterMs % 1000) * 1_000_000;
  return [pack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: { seconds: BigInt(seconds), nanos } }))];
}

/** `google.rpc.Status` for `grpc-status-details-bin`; `undefined` when there is no detail, or only one that is too long. */
export function statusDetails(error: ServiceError, logId: Uint8Array): Uint8Array | undefined {
  const details = detailsOf(error, logId);
  if (details.length === 0) return undefined;
  return toBinary(
    StatusSchema,
    create(StatusSchema, { code: STATUS[error.code].grpc, message: error.message, details }),
  );
}
