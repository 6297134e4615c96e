import assert from 'node:assert/strict';
import { encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { hashLeaves, hashNodes, leafHash, nodeHash } from '@tilewright/core/hash';

const left = leafHash(encodeUtf8('first entry'));
const right = leafHash(encodeUtf8('second entry'));
const leaves = hashLeaves(encodeUtf8('first entrysecond entry'), [0, 11, 23]); // many entries in one call
assert.equal(encodeHex(leaves), encodeHex(left) + encodeHex(right));

const output = new Uint8Array(32);
hashNodes(leaves, output, 1); // many pairs in one call: the next level of the tree
assert.equal(encodeHex(output), encodeHex(nodeHash(left, right)));
