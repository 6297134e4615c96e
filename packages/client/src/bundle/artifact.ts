import { createHash, verify } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import { PERMITTED_ALGORITHMS, prepareEntry, type VerifySignature } from '@tilewright/rekor-entry';
import { CreateEntryRequestSchema } from '@tilewright/rekor-proto';
import { ClientError } from '../client-error.ts';
import { createEntryRequest } from '../write/submission.ts';
import type { ArtifactHash, SigningKey } from './signing-key.ts';

/** What was signed: its bytes, or its digest by the hash that belongs to the key. */
export type Artifact = Uint8Array | { readonly digest: Uint8Array };

/**
 * The digest of an artifact.
 * @throws ClientError `malformed` when a given digest has another length than the hash
 */
export function digestOf(artifact: Artifact, hash: ArtifactHash): Uint8Array {
  if (artifact instanceof Uint8Array) return Uint8Array.from(createHash(hash.node).update(artifact).digest());
  const { length } = artifact.digest;
  if (length === hash.bytes) return artifact.digest;
  throw new ClientError(
    'malformed',
    `the key goes with ${hash.sigstore}, ${hash.bytes} bytes; the digest has ${length}`,
  );
}

/**
 * Whether a signature over an artifact is valid. With the port, by the rules and the code that a log accepts entries
 * with. Without it by node:crypto, which can verify ECDSA and RSA over bytes but nothing over a digest.
 *
 * @throws ClientError `unsupported` when the port is needed and missing
 */
export function isSignedBy(
  artifact: Artifact,
  signature: Uint8Array,
  { key, verifier, keyDetails, hash }: SigningKey,
  verifySignature: VerifySignature | undefined,
): boolean {
  if (verifySignature !== undefined) {
    const request = createEntryRequest({ digest: digestOf(artifact, hash), signature, verifier, keyDetails });
    const body = toBinary(CreateEntryRequestSchema, request);
    const rules = { algorithms: PERMITTED_ALGORITHMS, acceptDsse: false };
    return prepareEntry({ kind: 'proto', body }, rules, verifySignature).ok;
  }
  if (!(artifact instanceof Uint8Array) || key.asymmetricKeyType === 'ed25519') {
    const message =
      'digests, and signatures by Ed25519 keys (Ed25519ph), are verified only when verifySignature is given';
    throw new ClientError('unsupported', message);
  }
  if (verify(hash.node, artifact, key, signature)) return true;
  return key.asymmetricKeyType === 'ec' && verify(hash.node, artifact, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
