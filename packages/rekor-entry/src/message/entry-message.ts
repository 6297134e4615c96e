/**
 * A CreateEntryRequest after decoding, the same from ProtoJSON and from the wire. `undefined` is an absent message;
 * absent scalars are empty or 0, as proto3 has it.
 */
export type EntryMessage =
  | { readonly kind: 'none' }
  | { readonly kind: 'hashedrekord'; readonly request: HashedRekordMessage }
  | { readonly kind: 'dsse'; readonly request: DsseMessage };

/** dev.sigstore.rekor.v2.HashedRekordRequestV002. */
export interface HashedRekordMessage {
  readonly digest: Uint8Array;
  readonly signature: SignatureMessage | undefined;
}

/** dev.sigstore.rekor.v2.Signature. */
export interface SignatureMessage {
  readonly content: Uint8Array;
  readonly verifier: VerifierMessage | undefined;
}

/** dev.sigstore.rekor.v2.Verifier. At most one of the two members is set. */
export interface VerifierMessage {
  /** `public_key.raw_bytes`; empty when the message is there without them. */
  readonly publicKey: Uint8Array | undefined;
  /** `x509_certificate.raw_bytes`; empty when the message is there without them. */
  readonly x509Certificate: Uint8Array | undefined;
  /** A number of PublicKeyDetails, or one that the enum does not have: from -2^31 to 2^31-1. */
  readonly keyDetails: number;
}

/** How many verifiers, and how many signatures, a dsse request may have (rekor-tiles 2.2.1). */
export const MAX_DSSE_ELEMENTS = 10;

/** Adds to a list until it is longer than may be: what would come after is read, but not kept in memory. */
export function pushLimited<T>(list: T[], element: T): void {
  if (list.length <= MAX_DSSE_ELEMENTS) list.push(element);
}

/** dev.sigstore.rekor.v2.DSSERequestV002. Lists hold at most one element more than may be. */
export interface DsseMessage {
  readonly envelope: EnvelopeMessage | undefined;
  readonly verifiers: readonly VerifierMessage[];
}

/** io.intoto.Envelope; key ids are read, checked for UTF-8 and dropped: nothing uses them. */
export interface EnvelopeMessage {
  readonly payload: Uint8Array;
  readonly payloadType: string;
  readonly signatures: readonly Uint8Array[];
}

/** The request that asks for nothing: an empty body. */
export const NO_ENTRY: EntryMessage = { kind: 'none' };
