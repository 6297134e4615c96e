import assert from 'node:assert/strict';
import { emptyRightEdge, integrate, ProofTable, rightEdgeFromTiles } from '@tilewright/core/builder';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { hashLeaves, leafHash } from '@tilewright/core/hash';
import { verifyInclusion } from '@tilewright/core/merkle';
import { decodeEntryBundle, tilePath, tilesForSize } from '@tilewright/core/tiles';

const files = new Map<string, Uint8Array>();
const first = {
  entries: [encodeUtf8('one'), encodeUtf8('two')],
  leafHashes: hashLeaves(encodeUtf8('onetwo'), [0, 3, 6]),
};
const { tree, writes } = integrate(emptyRightEdge(), first, 0);
for (const { path, bytes } of writes) files.set(path, bytes); // make them durable, then sign a checkpoint of `tree`
assert.deepEqual([...files.keys()], ['tile/entries/000.p/2', 'tile/0/000.p/2']);

// Another process goes on from the files.
const read = (path: string) => files.get(path) ?? new Uint8Array(0);
const tiles = tilesForSize(tree.size).map((tile) => read(tilePath(tile)));
const edge = rightEdgeFromTiles(tree, tiles, decodeEntryBundle(read('tile/entries/000.p/2'), 2));
const three = leafHash(encodeUtf8('three'));
const next = integrate(edge, { entries: [encodeUtf8('three')], leafHashes: three }, tree.size);
verifyInclusion(three, 2, next.tree, new ProofTable(next.edge).proof(2));
