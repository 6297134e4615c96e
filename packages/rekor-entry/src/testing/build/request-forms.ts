import { create, type JsonValue, type MessageInitShape, toBinary, toJson } from '@bufbuild/protobuf';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { CreateEntryRequestSchema, PublicKeyDetails, type VerifierSchema } from '@tilewright/rekor-proto';
import type { KeyDetailsName } from '../../keys/algorithms.ts';
import { DSSE_TYPE } from './dsse-type.ts';

/** What verifies a signature, in a request to be built; what is absent stays so. */
export interface VerifierParts {
  readonly publicKey?: Uint8Array;
  readonly x509Certificate?: Uint8Array;
  /** A name, or a number that the enum does not have. */
  readonly keyDetails?: KeyDetailsName | number;
}

/** A hashedrekord request to be built; what is absent stays so. */
export interface HashedRekordParts {
  readonly digest?: Uint8Array;
  readonly content?: Uint8Array;
  readonly verifier?: VerifierParts;
}

/** A dsse request to be built; an absent envelope stays so. */
export interface DsseParts {
  readonly envelope?: {
    readonly payload: Uint8Array;
    readonly signatures: readonly Uint8Array[];
    readonly payloadType?: string;
    readonly keyid?: string;
  };
  readonly verifiers: readonly VerifierParts[];
}

/** A request in both forms; `object` is the ProtoJSON before it becomes text, for rows about JSON to change. */
export interface BuiltRequest {
  readonly object: JsonValue;
  readonly json: Uint8Array;
  readonly wire: Uint8Array;
}

function build(init: MessageInitShape<typeof CreateEntryRequestSchema>): BuiltRequest {
  const message = create(CreateEntryRequestSchema, init);
  const object = toJson(CreateEntryRequestSchema, message);
  return { object, json: encodeUtf8(JSON.stringify(object)), wire: toBinary(CreateEntryRequestSchema, message) };
}

/** A Verifier message. */
export function verifierInit(parts: VerifierParts): MessageInitShape<typeof VerifierSchema> {
  const { publicKey, x509Certificate, keyDetails = 0 } = parts;
  const number = typeof keyDetails === 'number' ? keyDetails : PublicKeyDetails[keyDetails];
  const base = { keyDetails: number as PublicKeyDetails };
  if (publicKey) return { ...base, verifier: { case: 'publicKey', value: { rawBytes: publicKey } } };
  if (x509Certificate) return { ...base, verifier: { case: 'x509Certificate', value: { rawBytes: x509Certificate } } };
  return base;
}

/** A request for a hashedrekord entry. Without `content` and `verifier` it has no signature message. */
export function hashedRekordRequest({ digest, content, verifier }: HashedRekordParts): BuiltRequest {
  const signature = {
    ...(content && { content }),
    ...(verifier && { verifier: verifierInit(verifier) }),
  };
  const value = { ...(digest && { digest }), ...((content || verifier) && { signature }) };
  return build({ spec: { case: 'hashedRekordRequestV002', value } });
}

/** A request for a dsse entry. */
export function dsseRequest({ envelope, verifiers }: DsseParts): BuiltRequest {
  const signatures = envelope?.signatures.map((sig) => ({ sig, keyid: envelope.keyid ?? '' }));
  const payloadType = envelope?.payloadType ?? DSSE_TYPE;
  const value = {
    ...(envelope && { envelope: { payload: envelope.payload, payloadType, signatures: signatures ?? [] } }),
    verifiers: verifiers.map(verifierInit),
  };
  return build({ spec: { case: 'dsseRequestV002', value } });
}
