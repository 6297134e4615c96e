import assert from 'node:assert/strict';
import { encodeUtf8 } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { inclusionProofRanges, proveInclusion } from '@tilewright/core/merkle';
import { decodeHashTile, encodeHashTile, neededTiles, subtreeHasher, tilePath } from '@tilewright/core/tiles';

const size = 3;
const leaves = ['a', 'b', 'c'].map((entry) => leafHash(encodeUtf8(entry)));
const files = new Map([['tile/0/000.p/3', encodeHashTile(leaves)]]);

// Which tiles does the proof of leaf 2 take? Fetch them, then prove.
const tiles = neededTiles(inclusionProofRanges(2, size), size);
const paths = tiles.map((tile) => tilePath(tile));
assert.deepEqual(paths, ['tile/0/000.p/3']);
const [bytes] = paths.map((path) => files.get(path) ?? new Uint8Array(0));
const hasher = subtreeHasher(size, () => decodeHashTile(bytes ?? new Uint8Array(0), 3));
assert.equal(proveInclusion(2, size, hasher).length, 1);
