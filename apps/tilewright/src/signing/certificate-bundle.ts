import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { CommandError } from '../cli/command-error.ts';

/** Who must have signed. */
export interface CertificateIdentity {
  /** Whole subject alternative name: an email address or URI. */
  readonly subject: string;
  /** OpenID Connect issuer. */
  readonly issuer: string;
}

/**
 * Checks what a log does not know of a bundle with a certificate: its chain, its transparency (where the trusted root
 * has a log for that), the time of signing by a time-stamp authority, and the identity. By sigstore-js.
 * @throws CommandError 'failed'
 */
export function verifyCertificate(
  bundle: string,
  artifact: Uint8Array,
  trustedRoot: string,
  identity: CertificateIdentity,
): void {
  const root = TrustedRoot.fromJSON(JSON.parse(trustedRoot));
  const verifier = new Verifier(toTrustMaterial(root), {
    tlogThreshold: 1,
    timestampThreshold: 1,
    ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
  });
  // The library takes the subject as a regular expression.
  const subjectAlternativeName = new RegExp(`^${escapeRegExp(identity.subject)}$`);
  try {
    const entity = toSignedEntity(bundleFromJSON(JSON.parse(bundle)), Buffer.from(artifact));
    verifier.verify(entity, { subjectAlternativeName, extensions: { issuer: identity.issuer } });
  } catch (cause) {
    throw new CommandError('failed', `the certificate does not hold: ${(cause as Error).message}`, { cause });
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
