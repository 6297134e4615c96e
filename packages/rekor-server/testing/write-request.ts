import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { CreateEntryRequestSchema, PublicKeyDetails } from '@tilewright/rekor-proto';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));

/** One good hashedrekord request in both forms; no two are the same. */
export interface WriteRequest {
  readonly json: string;
  readonly wire: Uint8Array;
}

/** Signs something new with P-256 and asks for its entry. `padding` spaces follow the JSON. */
export function writeRequest(padding = 0): WriteRequest {
  const artifact = randomBytes(16);
  const digest = createHash('sha256').update(artifact).digest();
  const content = sign('sha256', artifact, privateKey);
  const verifier = { publicKey: { rawBytes: base64(spki) }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
  const request = { digest: base64(digest), signature: { content: base64(content), verifier } };
  const wire = toBinary(
    CreateEntryRequestSchema,
    create(CreateEntryRequestSchema, {
      spec: {
        case: 'hashedRekordRequestV002',
        value: {
          digest: Uint8Array.from(digest),
          signature: {
            content: Uint8Array.from(content),
            verifier: {
              verifier: { case: 'publicKey', value: { rawBytes: spki } },
              keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
            },
          },
        },
      },
    }),
  );
  return { json: JSON.stringify({ hashedRekordRequestV002: request }) + ' '.repeat(padding), wire };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
