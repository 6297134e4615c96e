import { sha256 } from '@noble/hashes/sha2.js';
import { HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import type { Sha256Backend } from './sha256-backend.ts';

const LEAF_PREFIX = Uint8Array.of(0x00);
const nodeInput = new Uint8Array(1 + 2 * HASH_SIZE);
nodeInput[0] = 0x01;

/** SHA-256 in plain JavaScript, for browsers and every runtime that is not Node. */
export const sha256Backend: Sha256Backend = {
  digest(data) {
    return sha256(data) as Hash;
  },

  leaf(entry) {
    return sha256.create().update(LEAF_PREFIX).update(entry).digest() as Hash;
  },

  node(left, right) {
    nodeInput.set(left, 1);
    nodeInput.set(right, 1 + HASH_SIZE);
    return sha256(nodeInput) as Hash;
  },

  nodes(input, output, n) {
    for (let i = 0; i < n; i++) {
      const pair = 2 * HASH_SIZE * i;
      nodeInput.set(input.subarray(pair, pair + 2 * HASH_SIZE), 1);
      output.set(sha256(nodeInput), HASH_SIZE * i);
    }
  },
};
