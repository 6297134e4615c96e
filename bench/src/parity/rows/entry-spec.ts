import { bytesField, varintField } from '../exchange/protobuf.ts';

/** A hashedrekord request as fields; a missing one is left out of the request. */
export interface EntrySpec {
  readonly digest?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly publicKey?: Uint8Array;
  readonly x509Certificate?: Uint8Array;
  /** PublicKeyDetails number; sent over JSON by name where there is one. */
  readonly keyDetails?: number;
  /** Leaves `signature.verifier` out. */
  readonly noVerifier?: boolean;
  /** Leaves `signature` out. */
  readonly noSignature?: boolean;
}

/** Names of sigstore_common.proto's PublicKeyDetails that the table uses. */
export const KEY_DETAILS = {
  PUBLIC_KEY_DETAILS_UNSPECIFIED: 0,
  PKCS1_RSA_PKCS1V5: 1,
  PKIX_RSA_PKCS1V5: 3,
  PKIX_ECDSA_P256_SHA_256: 5,
  PKIX_ECDSA_P256_HMAC_SHA_256: 6,
  PKIX_ED25519: 7,
  PKIX_ED25519_PH: 8,
  PKIX_RSA_PKCS1V15_2048_SHA256: 9,
  PKIX_RSA_PKCS1V15_3072_SHA256: 10,
  PKIX_RSA_PKCS1V15_4096_SHA256: 11,
  PKIX_ECDSA_P384_SHA_384: 12,
  PKIX_ECDSA_P521_SHA_512: 13,
  PKIX_RSA_PSS_2048_SHA256: 16,
  PKIX_ECDSA_P384_SHA_256: 19,
  PKIX_ECDSA_P521_SHA_256: 20,
  ML_DSA_44: 23,
} as const;

/** The request as an HTTP body. */
export function specJson(spec: EntrySpec): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const name = Object.entries(KEY_DETAILS).find(([, number]) => number === spec.keyDetails)?.[0];
  const verifier = {
    ...(spec.publicKey && { publicKey: { rawBytes: base64(spec.publicKey) } }),
    ...(spec.x509Certificate && { x509Certificate: { rawBytes: base64(spec.x509Certificate) } }),
    ...(spec.keyDetails !== undefined && { keyDetails: name ?? spec.keyDetails }),
  };
  const signature = {
    ...(spec.signature && { content: base64(spec.signature) }),
    ...(spec.noVerifier !== true && { verifier }),
  };
  return JSON.stringify({
    hashedRekordRequestV002: {
      ...(spec.digest && { digest: base64(spec.digest) }),
      ...(spec.noSignature !== true && { signature }),
    },
  });
}

/** The request as a CreateEntryRequest message. */
export function specMessage(spec: EntrySpec): Buffer {
  const verifier = Buffer.concat([
    ...(spec.publicKey ? [bytesField(1, bytesField(1, spec.publicKey))] : []),
    ...(spec.x509Certificate ? [bytesField(2, bytesField(1, spec.x509Certificate))] : []),
    ...(spec.keyDetails === undefined ? [] : [varintField(3, spec.keyDetails)]),
  ]);
  const signature = Buffer.concat([
    ...(spec.signature ? [bytesField(1, spec.signature)] : []),
    ...(spec.noVerifier === true ? [] : [bytesField(2, verifier)]),
  ]);
  const record = Buffer.concat([
    ...(spec.digest ? [bytesField(1, spec.digest)] : []),
    ...(spec.noSignature === true ? [] : [bytesField(2, signature)]),
  ]);
  return bytesField(1, record);
}
