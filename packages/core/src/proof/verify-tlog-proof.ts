import type { Hash } from '../bytes/hash-value.ts';
import type { LeafIndex } from '../bytes/tree-numbers.ts';
import { verifyInclusion } from '../merkle/inclusion-proof.ts';
import { openWithPolicy, type PolicyCheckpoint, type VerifierOf } from '../policy/open-with-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { parseTlogProof } from './tlog-proof.ts';

/** What a proof proves. */
export interface VerifiedEntry {
  readonly index: LeafIndex;
  readonly checkpoint: PolicyCheckpoint;
  /** Unauthenticated. */
  readonly extra: Uint8Array | undefined;
}

/**
 * Checks offline that the entry with this leaf hash is in a log that the policy accepts: log signature, quorum of
 * witnesses, inclusion (tlog-proof, "Verification"). How an entry becomes a leaf hash is the application's business;
 * for entries as they stand in bundles it is `leafHash(entry)`.
 *
 * @throws CoreError `malformed`, `size-unsupported`, `bad-signature`, `unknown-key`, `proof-invalid`; what `verifierOf`
 *   throws.
 */
export function verifyTlogProof(
  bytes: Uint8Array,
  leafHash: Hash,
  policy: Policy,
  verifierOf: VerifierOf,
): VerifiedEntry {
  const { index, proof, extra, checkpoint: note } = parseTlogProof(bytes);
  const checkpoint = openWithPolicy(note, policy, verifierOf);
  verifyInclusion(leafHash, index, checkpoint, proof);
  return { index, checkpoint, extra };
}
