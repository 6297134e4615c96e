import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encodeUtf8 } from '@tilewright/core/bytes';
import type { Submission } from '../write/submission.ts';

/** A signed artifact. */
export interface SampleSignature {
  readonly artifact: Uint8Array;
  readonly submission: Submission;
  readonly publicKeyPem: string;
  readonly privateKey: KeyObject;
}

/** Signs a text with a new P-256 key. */
export function sampleSubmission(text: string): SampleSignature {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const artifact = encodeUtf8(text);
  const rawBytes = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  const submission: Submission = {
    digest: Uint8Array.from(createHash('sha256').update(artifact).digest()),
    signature: Uint8Array.from(sign('sha256', artifact, privateKey)),
    verifier: { kind: 'publicKey', rawBytes },
  };
  return {
    artifact,
    submission,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    privateKey,
  };
}
