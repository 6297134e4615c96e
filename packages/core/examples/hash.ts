import assert from 'node:assert/strict';
import { encodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { hashNodes, leafHash, nodeHash } from '@tilewright/core/hash';

const left = leafHash(encodeUtf8('first entry'));
const right = leafHash(encodeUtf8('second entry'));
const output = new Uint8Array(32);
hashNodes(new Uint8Array([...left, ...right]), output, 1); // many pairs in one call
assert.equal(encodeHex(output), encodeHex(nodeHash(left, right)));
