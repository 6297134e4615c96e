import { create } from '@bufbuild/protobuf';
import { type BundleFacts, usualKeyDetails } from '@tilewright/rekor-entry';
import { type CreateEntryRequest, CreateEntryRequestSchema, PublicKeyDetails } from '@tilewright/rekor-proto';
import { ClientError } from '../client-error.ts';

/**
 * A signature to be logged as hashedrekord 0.0.2: the digest that was signed, the signature, and the DER key or
 * certificate that it verifies with. How the key is used follows from the key unless `keyDetails` says it.
 */
export type Submission = BundleFacts;

/**
 * The request that logs a signature.
 * @throws ClientError `unsupported` for a key that Rekor v2 does not take
 */
export function createEntryRequest(submission: Submission): CreateEntryRequest {
  const { digest, signature, verifier } = submission;
  const name = submission.keyDetails ?? usualKeyDetails(verifier);
  if (name === undefined) throw new ClientError('unsupported', 'Rekor v2 takes no signatures by keys of this kind');
  const value = { rawBytes: verifier.rawBytes };
  return create(CreateEntryRequestSchema, {
    spec: {
      case: 'hashedRekordRequestV002',
      value: {
        digest,
        signature: {
          content: signature,
          verifier: { keyDetails: PublicKeyDetails[name], verifier: { case: verifier.kind, value } },
        },
      },
    },
  });
}
