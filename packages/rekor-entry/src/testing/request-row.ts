import { encodeUtf8 } from '@tilewright/core/bytes';
import type { EntryErrorCode } from '../entry-error.ts';

/** How a log must answer a request. */
export interface Expectation {
  /** HTTP status of the answer to a POST; absent when the row has no HTTP form. */
  readonly http: number | undefined;
  /** gRPC status code; absent when the row has no gRPC form. */
  readonly grpc: number | undefined;
  /** The message that the client sees; absent where it is a parser's own words, which no client may compare. */
  readonly message: string | undefined;
  /** Why it was refused. */
  readonly code: EntryErrorCode | undefined;
  /** The leaf, for a request that is accepted; it may still be too large for the log. */
  readonly body: Uint8Array | undefined;
}

/** One request, and how a log must answer it. No two accepted rows make the same leaf. */
export interface RequestRow {
  /** Unique. */
  readonly name: string;
  /** The HTTP body; absent when the row is about the wire format only. */
  readonly json: Uint8Array | undefined;
  /** The gRPC message; absent when the row is about JSON only. */
  readonly wire: Uint8Array | undefined;
  /** The answer of a log with the default rules. */
  readonly expect: Expectation;
  /** The answer of a log that takes dsse entries. */
  readonly expectWithDsse: Expectation;
}

/** The two forms of a request. */
export interface RequestForms {
  readonly json?: Uint8Array | string | undefined;
  readonly wire?: Uint8Array | undefined;
}

function row(name: string, forms: RequestForms, expect: Expectation, withDsse: Expectation = expect): RequestRow {
  const json = typeof forms.json === 'string' ? encodeUtf8(forms.json) : forms.json;
  const { wire } = forms;
  const only = (expectation: Expectation): Expectation => ({
    ...expectation,
    http: json === undefined ? undefined : expectation.http,
    grpc: wire === undefined ? undefined : expectation.grpc,
  });
  return { name, json, wire, expect: only(expect), expectWithDsse: only(withDsse) };
}

const invalid = (message: string | undefined, code: EntryErrorCode): Expectation => ({
  http: 400,
  grpc: 3,
  message,
  code,
  body: undefined,
});
const created = (body: Uint8Array): Expectation => ({ http: 201, grpc: 0, message: undefined, code: undefined, body });

const UNKNOWN_TYPE = invalid('invalid type, must be hashedrekord', 'unknown-type');
const UNKNOWN_TYPE_WITH_DSSE = invalid('invalid type, must be either hashedrekord or dsse', 'unknown-type');

/** A request that the log takes, with the leaf that it makes. */
export function accepted(name: string, forms: RequestForms, body: Uint8Array): RequestRow {
  return row(name, forms, created(body));
}

/** A request that is fine but whose leaf no entry bundle can hold. */
export function tooLarge(name: string, forms: RequestForms, body: Uint8Array): RequestRow {
  const expect = { ...created(body), http: 500, grpc: 2, message: 'failed to integrate entry' };
  return row(name, forms, expect);
}

/** A hashedrekord request that is refused. */
export function refused(name: string, forms: RequestForms, code: EntryErrorCode): RequestRow {
  return row(name, forms, invalid('invalid hashedrekord request', code));
}

/** A request for no kind of entry. */
export function noType(name: string, forms: RequestForms): RequestRow {
  return row(name, forms, UNKNOWN_TYPE, UNKNOWN_TYPE_WITH_DSSE);
}

/** A body that is not the ProtoJSON of a request. */
export function badJson(name: string, json: Uint8Array | string): RequestRow {
  return row(name, { json }, invalid(undefined, 'malformed-request'));
}

/** Bytes that are no request on the wire. */
export function badWire(name: string, wire: Uint8Array, problem: string): RequestRow {
  const message = `grpc: error unmarshalling request: ${problem}`;
  return row(name, { wire }, { ...invalid(message, 'malformed-request'), grpc: 13 });
}

/** A dsse request that a log takes when it takes such requests. */
export function acceptedDsse(name: string, forms: RequestForms, body: Uint8Array): RequestRow {
  return row(name, forms, UNKNOWN_TYPE, created(body));
}

/** A dsse request that no log takes. */
export function refusedDsse(name: string, forms: RequestForms, code: EntryErrorCode): RequestRow {
  return row(name, forms, UNKNOWN_TYPE, invalid('invalid dsse request', code));
}
