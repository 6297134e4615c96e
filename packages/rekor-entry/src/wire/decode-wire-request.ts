import { decodeUtf8 } from '@tilewright/core/bytes';
import { EntryError } from '../entry-error.ts';
import { type EntryMessage, pushLimited, type VerifierMessage } from '../message/entry-message.ts';
import { BYTES, VARINT, WireReader } from './wire-reader.ts';

const EMPTY = new Uint8Array(0);

// While reading, a message that comes twice is merged into the first, as protobuf demands; hence the mutable shapes.
interface Digested {
  digest: Uint8Array;
  signature: Signed | undefined;
}
interface Signed {
  content: Uint8Array;
  verifier: Verifying | undefined;
}
type Verifying = { -readonly [K in keyof VerifierMessage]: VerifierMessage[K] };
interface Enveloped {
  payload: Uint8Array;
  payloadType: string;
  signatures: Uint8Array[];
}
interface Dsse {
  envelope: Enveloped | undefined;
  verifiers: Verifying[];
}
type Building =
  | { readonly kind: 'none' }
  | { readonly kind: 'hashedrekord'; readonly request: Digested }
  | { readonly kind: 'dsse'; readonly request: Dsse };

const lengthDelimited = (number: number) => number * 8 + BYTES;
const FIELD_1 = lengthDelimited(1);
const FIELD_2 = lengthDelimited(2);
const FIELD_3 = lengthDelimited(3);
const KEY_DETAILS = 3 * 8 + VARINT;

/**
 * The CreateEntryRequest in protobuf bytes, with proto3's rules: unknown fields, and known ones in another encoding,
 * are skipped; the last of a scalar or of a oneof's members counts; a message that comes twice is merged. The byte
 * arrays are views of `body`.
 *
 * @throws EntryError `malformed-request`
 */
export function decodeWireRequest(body: Uint8Array): EntryMessage {
  let message: Building = { kind: 'none' };
  eachField(new WireReader(body, 0, body.length), (tag, reader) => {
    if (tag === FIELD_1) {
      const request = message.kind === 'hashedrekord' ? message.request : { digest: EMPTY, signature: undefined };
      readHashedRekord(reader.nested(), request);
      message = { kind: 'hashedrekord', request };
    } else if (tag === FIELD_2) {
      const request = message.kind === 'dsse' ? message.request : { envelope: undefined, verifiers: [] };
      readDsse(reader.nested(), request);
      message = { kind: 'dsse', request };
    } else {
      reader.skip(tag);
    }
  });
  return message;
}

function eachField(reader: WireReader, read: (tag: number, reader: WireReader) => void): void {
  while (reader.at < reader.end) read(reader.tag(), reader);
}

function readHashedRekord(source: WireReader, into: Digested): void {
  eachField(source, (tag, reader) => {
    if (tag === FIELD_1) into.digest = reader.view();
    else if (tag === FIELD_2) {
      into.signature ??= { content: EMPTY, verifier: undefined };
      readSignature(reader.nested(), into.signature);
    } else reader.skip(tag);
  });
}

function readSignature(source: WireReader, into: Signed): void {
  eachField(source, (tag, reader) => {
    if (tag === FIELD_1) into.content = reader.view();
    else if (tag === FIELD_2) {
      into.verifier ??= newVerifier();
      readVerifier(reader.nested(), into.verifier);
    } else reader.skip(tag);
  });
}

function newVerifier(): Verifying {
  return { publicKey: undefined, x509Certificate: undefined, keyDetails: 0 };
}

function readVerifier(source: WireReader, into: Verifying): void {
  eachField(source, (tag, reader) => {
    if (tag === FIELD_1) {
      into.publicKey = readRawBytes(reader.nested(), into.publicKey);
      into.x509Certificate = undefined;
    } else if (tag === FIELD_2) {
      into.x509Certificate = readRawBytes(reader.nested(), into.x509Certificate);
      into.publicKey = undefined;
    } else if (tag === KEY_DETAILS) into.keyDetails = reader.int32();
    else reader.skip(tag);
  });
}

/** PublicKey and X509Certificate alike: one field of bytes, what was there before when it is absent. */
function readRawBytes(source: WireReader, before: Uint8Array | undefined): Uint8Array {
  let rawBytes = before ?? EMPTY;
  eachField(source, (tag, reader) => {
    if (tag === FIELD_1) rawBytes = reader.view();
    else reader.skip(tag);
  });
  return rawBytes;
}

function readDsse(source: WireReader, into: Dsse): void {
  eachField(source, (tag, reader) => {
    if (tag === FIELD_1) {
      into.envelope ??= { payload: EMPTY, payloadType: '', signatures: [] };
      readEnvelope(reader.nested(), into.envelope);
    } else if (tag === FIELD_2) {
      const verifier = newVerifier();
      readVerifier(reader.nested(), verifier);
      pushLimited(into.verifiers, verifier);
    } else reader.skip(tag);
  });
}

function readEnvelope(source: WireReader, into: Enveloped): void {
  eachField(source, (tag, reader) => {
    if (tag === FIELD_1) into.payload = reader.view();
    else if (tag === FIELD_2) into.payloadType = text(reader.view());
    else if (tag === FIELD_3) pushLimited(into.signatures, readEnvelopeSignature(reader.nested()));
    else reader.skip(tag);
  });
}

function readEnvelopeSignature(source: WireReader): Uint8Array {
  let sig: Uint8Array = EMPTY;
  eachField(source, (tag, reader) => {
    if (tag === FIELD_1) sig = reader.view();
    else if (tag === FIELD_2) text(reader.view());
    else reader.skip(tag);
  });
  return sig;
}

function text(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw new EntryError('malformed-request', 'string field contains invalid UTF-8', { cause });
  }
}
