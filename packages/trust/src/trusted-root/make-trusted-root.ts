import type { KeyDetails } from '../key-details.ts';
import { type TimeRangeInput, writeTimeRange } from '../time-range.ts';
import { requireServiceUrl } from '../url.ts';
import { formatTrustedRoot } from './format-trusted-root.ts';
import { parseTrustedRoot } from './parse-trusted-root.ts';
import type { CertificateAuthority, TransparencyLog, TrustedRoot } from './trusted-root.ts';

/** A log for {@link makeTrustedRoot}. */
export interface LogInput {
  /** Absolute http or https URL; a trailing slash is removed. */
  readonly baseUrl: string;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Name in the protobuf enum `PublicKeyDetails`, one of {@link KeyDetails}. */
  readonly keyDetails: KeyDetails | string;
  /** 32 bytes: for Rekor v2 the whole note key hash (`logId` of a signer or verifier). */
  readonly logId: Uint8Array;
  readonly validFor: TimeRangeInput;
}

/** An authority for {@link makeTrustedRoot}. */
export interface AuthorityInput {
  readonly subject: { readonly organization: string; readonly commonName: string };
  /** Absolute http or https URL. Clients count time-stamp authorities with one URI once, so give each its own. */
  readonly uri: string;
  /** DER certificates, leaf-most first, root last. */
  readonly certChain: readonly Uint8Array[];
  readonly validFor: TimeRangeInput;
}

/** What {@link makeTrustedRoot} takes; lists are written in the given order (by convention newest first). */
export interface TrustedRootInput {
  readonly tlogs?: readonly LogInput[];
  readonly certificateAuthorities?: readonly AuthorityInput[];
  readonly ctlogs?: readonly LogInput[];
  readonly timestampAuthorities?: readonly AuthorityInput[];
}

/**
 * Makes a TrustedRoot v0.1. The result has passed the strict parser; write it with `formatTrustedRoot` and look at
 * `trustedRootWarnings` before publishing it.
 *
 * @throws TrustError naming the first field that breaks a rule of the format
 */
export function makeTrustedRoot(input: TrustedRootInput): TrustedRoot {
  const root: TrustedRoot = {
    tlogs: (input.tlogs ?? []).map(makeLog),
    certificateAuthorities: (input.certificateAuthorities ?? []).map(makeAuthority('certificateAuthorities')),
    ctlogs: (input.ctlogs ?? []).map(makeLog),
    timestampAuthorities: (input.timestampAuthorities ?? []).map(makeAuthority('timestampAuthorities')),
  };
  return parseTrustedRoot(formatTrustedRoot(root));
}

function makeLog(log: LogInput): TransparencyLog {
  return {
    baseUrl: log.baseUrl.replace(/\/$/, ''),
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: Uint8Array.from(log.spki),
      // Checked by the parser below.
      keyDetails: log.keyDetails as KeyDetails,
      validFor: writeTimeRange(log.validFor),
    },
    logId: Uint8Array.from(log.logId),
  };
}

function makeAuthority(list: string): (authority: AuthorityInput, index: number) => CertificateAuthority {
  return (authority, index) => ({
    subject: authority.subject,
    uri: requireServiceUrl(authority.uri, `${list}[${index}].uri`),
    certChain: authority.certChain.map((der) => Uint8Array.from(der)),
    validFor: writeTimeRange(authority.validFor),
  });
}
