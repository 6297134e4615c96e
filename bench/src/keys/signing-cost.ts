import { generateKeyPairSync } from 'node:crypto';
import { asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { sha256 } from '@tilewright/core/hash';
import { loadSignerFile } from '@tilewright/signer';
import { median } from '../load/percentile.ts';

/** Milliseconds of one signature of a checkpoint, median, by kind of key. */
export type SigningCost = Readonly<Record<'Ed25519' | 'P-256' | 'P-384' | 'P-521', number>>;

/** Signs `count` checkpoints with a key of each kind. */
export async function signingCost(count: number): Promise<SigningCost> {
  const ec = (namedCurve: string): string =>
    pemOf(
      generateKeyPairSync('ec', {
        namedCurve,
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }),
    );
  const ed25519 = pemOf(
    generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }),
  );
  return {
    Ed25519: await signingTime(ed25519, count),
    'P-256': await signingTime(ec('P-256'), count),
    'P-384': await signingTime(ec('P-384'), count),
    'P-521': await signingTime(ec('P-521'), count),
  };
}

function pemOf({ privateKey }: { readonly privateKey: string }): string {
  return privateKey;
}

async function signingTime(pem: string, count: number): Promise<number> {
  const { signer } = loadSignerFile(pem, 'keys.bench');
  const times: number[] = [];
  for (let size = 0; size < count; size++) {
    const root = sha256(new Uint8Array([size % 256]));
    const text = formatCheckpoint({ origin: 'keys.bench', size: asTreeSize(size), root, extensions: [] });
    const begun = performance.now();
    await signer.sign(text);
    times.push(performance.now() - begun);
  }
  return median(times);
}
