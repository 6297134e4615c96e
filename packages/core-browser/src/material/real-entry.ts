import { readFile } from 'node:fs/promises';
import { decodeBase64 } from '@tilewright/core/bytes';
import { formatVerifierKey, KEY_TYPE } from '@tilewright/core/note';
import { REPOSITORY } from '../build/packed-core.ts';
import type { PageMaterial } from '../page/page-material.ts';

const ORIGIN = 'log2025-alpha3.rekor.sigstage.dev';
const ED25519_SPKI_HEAD = 12;

/** Keys that the witnesses of Sigstore's staging log publish, in the staging part of the witness network. */
const WITNESSES = `
witness navigli witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G
witness stagemole witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv
witness ring-any-bells staging.witness.transparency.goog/ring-any-bells+2e1a8dc9+BG5JTpLc3FJtwzgh1Uv+Qelz9qeOH2bfWjS1s0s+y4rL
group two-of-them 2 navigli stagemole ring-any-bells
quorum two-of-them
`;

interface Vectors {
  readonly logs: readonly { readonly origin: string; readonly spkiB64: string }[];
  readonly captured: readonly {
    readonly tle: {
      readonly logIndex: string;
      readonly canonicalizedBody: string;
      readonly inclusionProof: {
        readonly hashes: readonly string[];
        readonly checkpoint: { readonly envelope: string };
      };
    };
  }[];
}

/** The captured entry whose checkpoint three witnesses cosigned. */
export async function realEntry(): Promise<PageMaterial['entry']> {
  const vectors: Vectors = JSON.parse(await readFile(`${REPOSITORY}testdata/rekor-tiles-vectors.json`, 'utf8'));
  const spki = vectors.logs.find(({ origin }) => origin === ORIGIN)?.spkiB64;
  const tle = vectors.captured.find(({ tle: { inclusionProof } }) =>
    inclusionProof.checkpoint.envelope.startsWith(`${ORIGIN}\n`),
  )?.tle;
  if (spki === undefined || tle === undefined) throw new Error(`testdata has nothing of ${ORIGIN}`);
  const vkey = formatVerifierKey(ORIGIN, KEY_TYPE.ed25519, decodeBase64(spki).subarray(ED25519_SPKI_HEAD));
  return {
    origin: ORIGIN,
    vkey,
    checkpoint: tle.inclusionProof.checkpoint.envelope,
    index: Number(tle.logIndex),
    proof: tle.inclusionProof.hashes,
    body: tle.canonicalizedBody,
    policy: `log ${vkey}\n${WITNESSES}`,
  };
}
