import { createHash, generateKeyPairSync, sign } from 'node:crypto';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rawBytes = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

/** The JSON body that enters a fresh signature over `text`, as curl would send it. */
export function entryRequest(text: string): string {
  return JSON.stringify({
    hashedRekordRequestV002: {
      digest: createHash('sha256').update(text).digest('base64'),
      signature: {
        content: sign('sha256', Buffer.from(text), privateKey).toString('base64'),
        verifier: { publicKey: { rawBytes }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
      },
    },
  });
}

/** Posts a body to a log. */
export function postEntry(url: string, body: string): Promise<Response> {
  return fetch(`${url}/api/v2/log/entries`, { method: 'POST', body });
}

/** The parts of a TransparencyLogEntry in JSON that tests look at. */
export interface EntryJson {
  readonly logIndex: string;
  readonly logId: { readonly keyId: string };
  readonly inclusionProof: {
    readonly treeSize: string;
    readonly rootHash: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
  readonly canonicalizedBody: string;
}
