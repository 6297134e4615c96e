import { expect, test } from 'vitest';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { formatCheckpoint } from '../checkpoint/checkpoint.ts';
import { leafHash } from '../hash/tree-hash.ts';
import { proveSubtree } from '../merkle/subtree-proof.ts';
import type { NoteSigner, NoteVerifier } from '../note/index.ts';
import { signNote } from '../note/index.ts';
import { naiveTree } from '../testing/naive-tree.ts';
import { checkSignSubtree, formatSignSubtree, parseSignSubtree, type SignSubtreeRequest } from './sign-subtree.ts';

const ORIGIN = 'log.example/subtrees';
const tree = naiveTree(Array.from({ length: 13 }, (_, i) => leafHash(encodeUtf8(`record ${i}`))));
const own: NoteVerifier & NoteSigner = {
  name: 'witness.example/w',
  keyId: 7,
  verify: (_, signature) => signature.length === 64 && signature.every((byte) => byte === 9),
  sign: async () => new Uint8Array(64).fill(9),
};
const stranger = { ...own, keyId: 8 };
const ownOf = (origin: string): readonly NoteVerifier[] | undefined => (origin === ORIGIN ? [own] : undefined);

async function request(start: number, end: number, signer: NoteSigner = own): Promise<SignSubtreeRequest> {
  const text = formatCheckpoint({ origin: ORIGIN, size: asTreeSize(13), root: tree.root(0, 13), extensions: [] });
  return {
    start,
    end,
    hash: tree.root(start, Math.max(start, Math.min(end, 13))),
    proof: start < 13 && end <= 13 ? proveSubtree(start, end, 13, (lo, hi) => tree.root(lo, hi)) : [],
    checkpoint: await signNote(text, [signer]),
  };
}

test('WT-13 a subtree of a tree that the witness cosigned may be signed', async () => {
  for (const [start, end] of [
    [0, 13],
    [4, 8],
    [8, 13],
    [12, 13],
    [5, 5],
  ] as const) {
    const body = formatSignSubtree(await request(start, end));
    expect(checkSignSubtree(body, ownOf)).toMatchObject({ status: 200, request: { start, end } });
    expect(formatSignSubtree(parseSignSubtree(body))).toEqual(body);
  }
});

test('WT-12 what is no subtree, or ends beyond the checkpoint, is 400', async () => {
  const good = await request(4, 8);
  for (const change of [
    { start: 1, end: 3 },
    { start: 8, end: 4 },
    { end: 14, start: 0 },
  ]) {
    expect(checkSignSubtree(formatSignSubtree({ ...good, ...change }), ownOf)).toMatchObject({ status: 400 });
  }
});

test('WT-12 another origin is 404, a checkpoint without this witness 403, a proof that fails 422', async () => {
  const body = formatSignSubtree(await request(4, 8));
  expect(checkSignSubtree(body, () => undefined)).toMatchObject({ status: 404 });
  const unsigned = formatSignSubtree(await request(4, 8, stranger));
  expect(checkSignSubtree(unsigned, ownOf)).toMatchObject({ status: 403 });
  const good = await request(4, 8);
  expect(checkSignSubtree(formatSignSubtree({ ...good, proof: good.proof.slice(1) }), ownOf)).toMatchObject({
    status: 422,
  });
  expect(checkSignSubtree(formatSignSubtree({ ...good, hash: tree.root(0, 4) }), ownOf)).toMatchObject({ status: 422 });
});

test.each(['subtree 4', 'subtree 4 8 9', 'Subtree 4 8', 'subtree 04 8', 'subtree 4  8'])(
  '%j is no first line',
  async (line) => {
    const [, ...rest] = new TextDecoder().decode(formatSignSubtree(await request(4, 8))).split('\n');
    expect(checkSignSubtree(encodeUtf8([line, ...rest].join('\n')), ownOf)).toMatchObject({ status: 400 });
  },
);
