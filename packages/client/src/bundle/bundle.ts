import type { TransparencyLogEntry } from '@tilewright/rekor-proto';

/** The media type of the bundles that are made here. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** The media type that sigstore-js still gives to message signatures. */
export const BUNDLE_MEDIA_TYPE_V02 = 'application/vnd.dev.sigstore.bundle+json;version=0.2';

/** Who signed, as a bundle says it. */
export type BundleSigner =
  /** By a bare key, which the verifier must have; the hint helps to find it and proves nothing. */
  | { readonly kind: 'public-key'; readonly hint: string }
  /** By the key of a certificate (DER), the signer's own. */
  | { readonly kind: 'certificate'; readonly certificate: Uint8Array };

/** A Sigstore bundle of a message signature, parsed; nothing of it is verified. */
export interface Bundle {
  readonly signer: BundleSigner;
  readonly entry: TransparencyLogEntry;
  /** RFC 3161 responses, DER; not looked at here. */
  readonly timestamps: readonly Uint8Array[];
  /** What the signer says that the artifact's digest is. */
  readonly messageDigest?: { readonly algorithm: string; readonly digest: Uint8Array };
  readonly signature: Uint8Array;
}
