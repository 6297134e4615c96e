import { equalBytes } from '@tilewright/core/bytes';
import type { VerifySignature } from '@tilewright/rekor-entry';
import type { TrustedRoot } from '@tilewright/trust';
import { ClientError } from '../client-error.ts';
import { leafOf } from '../entry/expected-leaf.ts';
import { trustedLogById } from '../entry/trusted-log.ts';
import { type LogEntry, verifyLogEntry } from '../entry/verify-log-entry.ts';
import { type Artifact, digestOf, isSignedBy } from './artifact.ts';
import type { Bundle } from './bundle.ts';
import { parseBundle } from './parse-bundle.ts';
import { certificateKey, type SigningKey, signingKey } from './signing-key.ts';

/** What a bundle is verified with. */
export interface VerifyBundleOptions {
  readonly trustedRoot: TrustedRoot;
  /** PEM or DER; needed for bundles signed by a bare key, and refused for those with a certificate. */
  readonly publicKey?: string | Uint8Array | undefined;
  /** Needed for digests and Ed25519 keys; used for all signatures when given. `rekor-server` has one. */
  readonly verifySignature?: VerifySignature | undefined;
}

/**
 * What is proven about an artifact.
 * - `public-key`: the given key signed it, and the log holds that signature. Nothing is left to check.
 * - `certificate`: the certificate's key signed it, and the log holds that signature. Who the certificate is for, its
 *   chain, its transparency log and the time of signing are NOT checked: hand the bundle to a Sigstore verifier.
 */
export type VerifiedBundle =
  | { readonly kind: 'public-key'; readonly entry: LogEntry }
  | {
      readonly kind: 'certificate';
      readonly entry: LogEntry;
      readonly certificate: Uint8Array;
      readonly timestamps: readonly Uint8Array[];
    };

/**
 * Verifies a bundle of a message signature: the artifact's digest, the signature over it, and that a log of the trusted
 * root holds exactly this signature by this key: the leaf is rebuilt from the bundle and must be the logged one.
 *
 * @param bundle a parsed bundle, or its JSON
 * @throws ClientError `untrusted` for the wrong key, log or checkpoint signature; `inconsistent` for another artifact,
 *   another entry or a proof that does not hold; `malformed`, `unsupported`
 */
export function verifyBundle(
  bundle: Bundle | string | Uint8Array,
  artifact: Artifact,
  options: VerifyBundleOptions,
): VerifiedBundle {
  const parsed = typeof bundle === 'string' || bundle instanceof Uint8Array ? parseBundle(bundle) : bundle;
  const { signer, signature } = parsed;
  const key = keyOf(parsed, options);
  const digest = digestOf(artifact, key.hash);
  requireDigest(parsed, key, digest);
  if (!isSignedBy(artifact, signature, key, options.verifySignature)) {
    throw new ClientError('untrusted', 'the signature over the artifact is not valid for this key');
  }
  const leaf = leafOf({ digest, signature, keyDetails: key.keyDetails, verifier: key.verifier });
  const logId = parsed.entry.logId?.keyId ?? new Uint8Array();
  const entry = verifyLogEntry(parsed.entry, trustedLogById(options.trustedRoot, logId), leaf);
  if (signer.kind === 'public-key') return { kind: 'public-key', entry };
  return { kind: 'certificate', entry, certificate: signer.certificate, timestamps: parsed.timestamps };
}

function keyOf({ signer }: Bundle, { publicKey }: VerifyBundleOptions): SigningKey {
  if (signer.kind === 'certificate') {
    if (publicKey === undefined) return certificateKey(signer.certificate);
    throw new ClientError(
      'unsupported',
      'the bundle holds a certificate; a public key to verify it with makes no sense',
    );
  }
  if (publicKey !== undefined) return signingKey(publicKey);
  throw new ClientError('untrusted', 'the bundle was signed by a bare key; give the public key that you trust');
}

/** The digest in a bundle is only a hint, but one that points elsewhere shows that this is not the artifact. */
function requireDigest({ messageDigest }: Bundle, key: SigningKey, digest: Uint8Array): void {
  if (messageDigest === undefined) return;
  const sameHash = messageDigest.algorithm === key.hash.sigstore;
  if (sameHash && equalBytes(messageDigest.digest, digest)) return;
  throw new ClientError(
    'inconsistent',
    sameHash
      ? 'the artifact is not the one that was signed: its digest differs from that in the bundle'
      : `the bundle has a digest of another kind than ${key.hash.sigstore}, which goes with the key`,
  );
}
