import {
  type DsseMessage,
  type EntryMessage,
  type EnvelopeMessage,
  type HashedRekordMessage,
  NO_ENTRY,
  pushLimited,
  type SignatureMessage,
  type VerifierMessage,
} from '../message/entry-message.ts';
import type { JsonReader } from './json-reader.ts';
import { type JsonField, MessageFields, readFields } from './message-fields.ts';
import { readBytes, readKeyDetails, readString } from './scalars/read-scalars.ts';

const EMPTY = new Uint8Array(0);

const field = (jsonName: string, protoName = jsonName): JsonField => ({ jsonName, protoName, inOneof: false });
const member = (jsonName: string, protoName: string): JsonField => ({ jsonName, protoName, inOneof: true });

const CREATE_ENTRY_REQUEST = new MessageFields(
  [member('hashedRekordRequestV002', 'hashed_rekord_request_v002'), member('dsseRequestV002', 'dsse_request_v002')],
  'dev.sigstore.rekor.v2.CreateEntryRequest.spec',
);
const HASHED_REKORD = new MessageFields([field('digest'), field('signature')]);
const SIGNATURE = new MessageFields([field('content'), field('verifier')]);
const VERIFIER = new MessageFields(
  [
    member('publicKey', 'public_key'),
    member('x509Certificate', 'x509_certificate'),
    field('keyDetails', 'key_details'),
  ],
  'dev.sigstore.rekor.v2.Verifier.verifier',
);
const RAW_BYTES = new MessageFields([field('rawBytes', 'raw_bytes')]);
const DSSE = new MessageFields([field('envelope'), field('verifiers')]);
// The .proto file writes payloadType as it is: there is no payload_type.
const ENVELOPE = new MessageFields([field('payload'), field('payloadType'), field('signatures')]);
const ENVELOPE_SIGNATURE = new MessageFields([field('sig'), field('keyid')]);

/** Reads a dev.sigstore.rekor.v2.CreateEntryRequest in ProtoJSON. Throws JsonFault. */
export function readEntryMessage(reader: JsonReader): EntryMessage {
  let message: EntryMessage = NO_ENTRY;
  readFields(reader, CREATE_ENTRY_REQUEST, (index) => {
    message =
      index === 0
        ? { kind: 'hashedrekord', request: readHashedRekord(reader) }
        : { kind: 'dsse', request: readDsse(reader) };
  });
  return message;
}

function readHashedRekord(reader: JsonReader): HashedRekordMessage {
  let digest: Uint8Array = EMPTY;
  let signature: SignatureMessage | undefined;
  readFields(reader, HASHED_REKORD, (index) => {
    if (index === 0) digest = readBytes(reader, 'digest');
    else signature = readSignature(reader);
  });
  return { digest, signature };
}

function readSignature(reader: JsonReader): SignatureMessage {
  let content: Uint8Array = EMPTY;
  let verifier: VerifierMessage | undefined;
  readFields(reader, SIGNATURE, (index) => {
    if (index === 0) content = readBytes(reader, 'content');
    else verifier = readVerifier(reader);
  });
  return { content, verifier };
}

function readVerifier(reader: JsonReader): VerifierMessage {
  let publicKey: Uint8Array | undefined;
  let x509Certificate: Uint8Array | undefined;
  let keyDetails = 0;
  readFields(reader, VERIFIER, (index) => {
    if (index === 0) publicKey = readRawBytes(reader);
    else if (index === 1) x509Certificate = readRawBytes(reader);
    else keyDetails = readKeyDetails(reader, 'keyDetails');
  });
  return { publicKey, x509Certificate, keyDetails };
}

function readRawBytes(reader: JsonReader): Uint8Array {
  let rawBytes: Uint8Array = EMPTY;
  readFields(reader, RAW_BYTES, () => {
    rawBytes = readBytes(reader, 'rawBytes');
  });
  return rawBytes;
}

function readDsse(reader: JsonReader): DsseMessage {
  let envelope: EnvelopeMessage | undefined;
  let verifiers: VerifierMessage[] = [];
  readFields(reader, DSSE, (index) => {
    if (index === 0) envelope = readEnvelope(reader);
    else verifiers = readList(reader, readVerifier);
  });
  return { envelope, verifiers };
}

function readEnvelope(reader: JsonReader): EnvelopeMessage {
  let payload: Uint8Array = EMPTY;
  let payloadType = '';
  let signatures: Uint8Array[] = [];
  readFields(reader, ENVELOPE, (index) => {
    if (index === 0) payload = readBytes(reader, 'payload');
    else if (index === 1) payloadType = readString(reader, 'payloadType');
    else signatures = readList(reader, readEnvelopeSignature);
  });
  return { payload, payloadType, signatures };
}

function readEnvelopeSignature(reader: JsonReader): Uint8Array {
  let sig: Uint8Array = EMPTY;
  readFields(reader, ENVELOPE_SIGNATURE, (index) => {
    if (index === 0) sig = readBytes(reader, 'sig');
    else readString(reader, 'keyid');
  });
  return sig;
}

function readList<T>(reader: JsonReader, readElement: (reader: JsonReader) => T): T[] {
  const elements: T[] = [];
  reader.expect(0x5b);
  if (reader.accept(0x5d)) return elements;
  for (;;) {
    pushLimited(elements, readElement(reader));
    if (reader.accept(0x5d)) return elements;
    reader.expect(0x2c);
  }
}
