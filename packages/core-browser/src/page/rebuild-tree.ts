import { encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { hashLeaves } from '@tilewright/core/hash';
import { hashTree } from '@tilewright/core/merkle';
import type { CheckResult, PageMaterial, PageReport } from './page-material.ts';
import { runCheck } from './run-check.ts';

/** Entries "record 0", "record 1", … one after another, and where each begins. */
export function recordEntries(size: number): { readonly bytes: Uint8Array; readonly offsets: Uint32Array } {
  const offsets = new Uint32Array(size + 1);
  const texts: string[] = [];
  for (let i = 0; i < size; i++) {
    const text = `record ${i}`;
    texts.push(text);
    offsets[i + 1] = (offsets[i] ?? 0) + text.length;
  }
  return { bytes: encodeUtf8(texts.join('')), offsets };
}

/** Builds the tree of every size that the server knows the root of; the largest says how fast that was. */
export function rebuildTrees({ roots }: PageMaterial): { checks: CheckResult[]; tree: PageReport['tree'] } {
  const sizes = Object.keys(roots).map(Number);
  const largest = Math.max(...sizes);
  let tree = { leaves: 0, leafSeconds: 0, treeSeconds: 0 };
  const small = runCheck(`trees of ${sizes.length - 1} sizes`, () => {
    const others = sizes.filter((size) => size !== largest);
    for (const size of others) buildTree(size, roots[size]);
    return `${Math.min(...others)} to ${thousands(Math.max(...others))} leaves`;
  });
  const large = runCheck(`tree of ${thousands(largest)} leaves`, () => {
    tree = buildTree(largest, roots[largest]);
    const rate = largest / (tree.leafSeconds + tree.treeSeconds);
    return `leaves ${ms(tree.leafSeconds)}, tree ${ms(tree.treeSeconds)}: ${thousands(rate)} entries/s`;
  });
  return { checks: [small, large], tree };
}

function buildTree(leaves: number, expected: string | undefined): PageReport['tree'] {
  const { bytes, offsets } = recordEntries(leaves);
  const started = performance.now();
  const hashes = hashLeaves(bytes, offsets);
  const hashed = performance.now();
  const root = encodeBase64(hashTree(hashes));
  const done = performance.now();
  if (root !== expected) throw new Error(`the root of ${leaves} leaves is ${root}, not ${expected}`);
  return { leaves, leafSeconds: (hashed - started) / 1000, treeSeconds: (done - hashed) / 1000 };
}

function ms(seconds: number): string {
  return `${(1000 * seconds).toFixed(0)} ms`;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}
