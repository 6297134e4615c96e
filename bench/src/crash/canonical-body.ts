import type { EntryParts } from '../requests/entry-request.ts';

/** How a leaf names the algorithms of its request. */
export interface LeafAlgorithms {
  /** HashAlgorithm of sigstore_common.proto. */
  readonly digest: 'SHA2_256' | 'SHA2_384' | 'SHA2_512';
  /** PublicKeyDetails of sigstore_common.proto. */
  readonly keyDetails: string;
}

const P256: LeafAlgorithms = { digest: 'SHA2_256', keyDetails: 'PKIX_ECDSA_P256_SHA_256' };

/**
 * The leaf bytes that a request must become, written from the format's description so that
 * they do not depend on the code under test.
 */
export function canonicalBody(parts: EntryParts, algorithms: LeafAlgorithms = P256): Buffer {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const key =
    'publicKey' in parts.verifier
      ? `"publicKey":{"rawBytes":"${base64(parts.verifier.publicKey)}"}`
      : `"x509Certificate":{"rawBytes":"${base64(parts.verifier.x509Certificate)}"}`;
  const data = `{"algorithm":"${algorithms.digest}","digest":"${base64(parts.digest)}"}`;
  const verifier = `{"keyDetails":"${algorithms.keyDetails}",${key}}`;
  const signature = `{"content":"${base64(parts.signature)}","verifier":${verifier}}`;
  const spec = `{"hashedRekordV002":{"data":${data},"signature":${signature}}}`;
  return Buffer.from(`{"apiVersion":"0.0.2","kind":"hashedrekord","spec":${spec}}`);
}
