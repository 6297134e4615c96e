import { readFile } from 'node:fs/promises';
import { encodeBase64 } from '@tilewright/core/bytes';
import { hashLeaves } from '@tilewright/core/hash';
import { hashTree } from '@tilewright/core/merkle';
import { REPOSITORY } from '../build/packed-core.ts';
import type { PageMaterial } from '../page/page-material.ts';
import { recordEntries } from '../page/rebuild-tree.ts';
import { realEntry } from './real-entry.ts';
import { signedNotes } from './signed-notes.ts';

const MILLION = 1_000_000;

/** Everything that the page checks. The largest tree is the last. */
export async function pageMaterial(sampling: Pick<PageMaterial, 'sampleMs' | 'rounds'>): Promise<PageMaterial> {
  const vectors: { roots: Record<string, string> } = JSON.parse(
    await readFile(`${REPOSITORY}testdata/c2sp-vectors.json`, 'utf8'),
  );
  const { bytes, offsets } = recordEntries(MILLION);
  const roots = { ...vectors.roots, [MILLION]: encodeBase64(hashTree(hashLeaves(bytes, offsets))) };
  return { entry: await realEntry(), notes: await signedNotes(), roots, ...sampling };
}
