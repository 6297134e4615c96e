import type { KeyDetails } from '../key-details.ts';
import type { TimeRange } from '../time-range.ts';

/** The media type that every client demands; the newer v0.2 is accepted by none. */
export const TRUSTED_ROOT_MEDIA_TYPE = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';

/** A log: a Rekor log, or a certificate transparency log. */
export interface TransparencyLog {
  /** Where the log is, without a trailing slash. For Rekor v2 the origin of its checkpoints is the bare host of this. */
  readonly baseUrl: string;
  /** Hash of the Merkle tree. */
  readonly hashAlgorithm: 'SHA2_256';
  readonly publicKey: {
    /** DER SubjectPublicKeyInfo. */
    readonly rawBytes: Uint8Array<ArrayBuffer>;
    readonly keyDetails: KeyDetails;
    readonly validFor: TimeRange;
  };
  /** 32 bytes. Rekor v2: the whole note key hash; Rekor v1 and CT: SHA-256 of `rawBytes`. */
  readonly logId: Uint8Array<ArrayBuffer>;
}

/** A certificate authority (Fulcio) or a time-stamp authority. */
export interface CertificateAuthority {
  readonly subject: { readonly organization: string; readonly commonName: string };
  /** Where the authority is; real documents also have bare host names here. */
  readonly uri?: string;
  /** DER certificates, leaf-most first, root last; never empty. */
  readonly certChain: readonly Uint8Array<ArrayBuffer>[];
  readonly validFor: TimeRange;
}

/**
 * Sigstore's TrustedRoot v0.1: the keys and certificates that a client trusts. Values of this type come from
 * `parseTrustedRoot` and `makeTrustedRoot` and hold their rules.
 */
export interface TrustedRoot {
  readonly tlogs: readonly TransparencyLog[];
  readonly certificateAuthorities: readonly CertificateAuthority[];
  readonly ctlogs: readonly TransparencyLog[];
  readonly timestampAuthorities: readonly CertificateAuthority[];
}
