import type { SigningKey } from '../keys/signing-key.ts';
import { SignerError } from '../signer-error.ts';
import { openAwsSigningKey } from './aws/aws-signing-key.ts';
import { clip } from './call/kms-fault.ts';
import { openGcpSigningKey } from './gcp/gcp-signing-key.ts';
import type { KmsOptions } from './kms-options.ts';
import type { KmsHash } from './signing/kms-algorithm.ts';

/**
 * Opens a signing key that a key management service keeps: the public half is fetched and checked here, and each
 * signature is one call.
 *
 * URIs (Sigstore's, which Rekor takes):
 * - `gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K[/cryptoKeyVersions/V]`, or `/versions/V`; without a version
 *   the newest enabled one, chosen here once. Ed25519, ECDSA P-256 and P-384, RSA PKCS #1 of 2048, 3072 and 4096 bits
 *   with SHA-256.
 * - `awskms://[ENDPOINT]/KEY` where KEY is an id, `alias/NAME` or an ARN; `aws-kms://ARN`. What an alias names is looked
 *   up here once. Ed25519, ECDSA P-256, P-384 and P-521, RSA as above.
 *
 * @param hash the hash that the key's algorithm must have; Ed25519 has none to choose, so any is right
 * @throws SignerError `bad-uri`, `kms-missing`, `kms-unavailable`, `kms-refused`, `kms-bad-answer`, `unsupported-key`
 */
export async function openKmsKey(uri: string, hash: KmsHash, options: KmsOptions): Promise<SigningKey> {
  if (uri.startsWith('gcpkms://')) return await openGcpSigningKey(uri, hash, options);
  if (uri.startsWith('awskms://') || uri.startsWith('aws-kms://')) return await openAwsSigningKey(uri, hash, options);
  throw new SignerError(
    'bad-uri',
    uri.startsWith('gcp-kms://')
      ? `"${clip(uri)}" names a key that encrypts keysets (Tink); one that signs is written gcpkms://...`
      : `"${clip(uri)}" does not name a signing key of a service; write gcpkms://... or awskms://...`,
  );
}
