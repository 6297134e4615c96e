import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type CreateEntryRequest,
  CreateEntryRequestSchema,
  PublicKeyDetails,
  type VerifierSchema,
} from '@tilewright/rekor-proto';
import fc from 'fast-check';

const bytes = fc.uint8Array({ maxLength: 40 });
const details = fc.constantFrom(...Object.values(PublicKeyDetails));
const text = fc.string({ unit: 'grapheme', maxLength: 8 });

const verifier: fc.Arbitrary<MessageInitShape<typeof VerifierSchema>> = fc.record({
  keyDetails: details,
  verifier: fc.oneof(
    fc.constant({ case: undefined }),
    bytes.map((rawBytes) => ({ case: 'publicKey' as const, value: { rawBytes } })),
    bytes.map((rawBytes) => ({ case: 'x509Certificate' as const, value: { rawBytes } })),
  ),
});
const signature = fc.record({ content: bytes, verifier }, { requiredKeys: [] });
const hashedRekord = fc.record({ digest: bytes, signature }, { requiredKeys: [] });
const envelope = fc.record({
  payload: bytes,
  payloadType: text,
  signatures: fc.array(fc.record({ sig: bytes, keyid: text }), { maxLength: 4 }),
});
const dsse = fc.record({ envelope, verifiers: fc.array(verifier, { maxLength: 4 }) }, { requiredKeys: [] });

/** Requests of every shape, complete or not. For tests only. */
export const createEntryRequests: fc.Arbitrary<CreateEntryRequest> = fc
  .oneof(
    fc.constant({ case: undefined }),
    hashedRekord.map((value) => ({ case: 'hashedRekordRequestV002' as const, value })),
    dsse.map((value) => ({ case: 'dsseRequestV002' as const, value })),
  )
  .map((spec) => create(CreateEntryRequestSchema, { spec }));
