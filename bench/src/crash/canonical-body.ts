import type { EntryParts } from '../requests/entry-request.ts';

/**
 * The leaf bytes that a P-256 request must become, written from the format's description so that
 * they do not depend on the code under test.
 */
export function canonicalBody(parts: EntryParts): Buffer {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const key =
    'publicKey' in parts.verifier
      ? `"publicKey":{"rawBytes":"${base64(parts.verifier.publicKey)}"}`
      : `"x509Certificate":{"rawBytes":"${base64(parts.verifier.x509Certificate)}"}`;
  const data = `{"algorithm":"SHA2_256","digest":"${base64(parts.digest)}"}`;
  const verifier = `{"keyDetails":"PKIX_ECDSA_P256_SHA_256",${key}}`;
  const signature = `{"content":"${base64(parts.signature)}","verifier":${verifier}}`;
  const spec = `{"hashedRekordV002":{"data":${data},"signature":${signature}}}`;
  return Buffer.from(`{"apiVersion":"0.0.2","kind":"hashedrekord","spec":${spec}}`);
}
