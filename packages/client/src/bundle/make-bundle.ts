import { encodeBase64 } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import { logEntryToJson } from '../entry/log-entry-json.ts';
import type { LogEntry } from '../entry/verify-log-entry.ts';
import { type Artifact, digestOf } from './artifact.ts';
import { BUNDLE_MEDIA_TYPE } from './bundle.ts';
import { certificateKey, signingKey } from './signing-key.ts';

/** What a bundle is made of. */
export interface BundleInput {
  readonly artifact: Artifact;
  readonly signature: Uint8Array;
  /** PEM or DER SubjectPublicKeyInfo, or a DER certificate. */
  readonly signer:
    | { readonly kind: 'public-key'; readonly publicKey: string | Uint8Array }
    | { readonly kind: 'certificate'; readonly certificate: Uint8Array };
  /** From `submitHttp` or `submitGrpc`. */
  readonly entry: LogEntry;
  /** RFC 3161 responses, DER: bundles with a certificate need one. */
  readonly timestamps?: readonly Uint8Array[];
}

/**
 * Makes a Sigstore bundle v0.3 of a message signature: two-space JSON with a final newline. A bare key is named by a
 * hint, the base64 SHA-256 of its SubjectPublicKeyInfo, as cosign does.
 *
 * @throws ClientError `malformed`, `unsupported` for the key, certificate or digest
 */
export function makeBundle(input: BundleInput): string {
  const { signer, timestamps = [] } = input;
  const key = signer.kind === 'public-key' ? signingKey(signer.publicKey) : certificateKey(signer.certificate);
  const identity =
    signer.kind === 'public-key'
      ? { publicKey: { hint: encodeBase64(sha256(key.verifier.rawBytes)) } }
      : { certificate: { rawBytes: encodeBase64(signer.certificate) } };
  const rfc3161Timestamps = timestamps.map((response) => ({ signedTimestamp: encodeBase64(response) }));
  const bundle = {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      ...identity,
      tlogEntries: [logEntryToJson(input.entry)],
      timestampVerificationData: timestamps.length === 0 ? undefined : { rfc3161Timestamps },
    },
    messageSignature: {
      messageDigest: { algorithm: key.hash.sigstore, digest: encodeBase64(digestOf(input.artifact, key.hash)) },
      signature: encodeBase64(input.signature),
    },
  };
  return `${JSON.stringify(bundle, undefined, 2)}\n`;
}
