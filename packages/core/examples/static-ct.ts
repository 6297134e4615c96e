import assert from 'node:assert/strict';
import { ctLeafHash, decodeTileLeaf, encodeCtExtensions, encodeTileLeaf } from '@tilewright/core/static-ct';

const leaf = {
  timestamp: 1_767_139_200_000,
  subject: { kind: 'certificate', certificate: Uint8Array.of(0x30, 0x00) },
  extensions: encodeCtExtensions(42), // its index, as the log promised it
  chain: [],
} as const;
assert.deepEqual(decodeTileLeaf(encodeTileLeaf(leaf)).leaf, leaf);
assert.equal(ctLeafHash(leaf).length, 32);
