import { hash } from 'node:crypto';
import { HASH_SIZE, type Hash } from '../bytes/hash-value.ts';
import { checkLeaves, checkNodes } from './batch-arguments.ts';
import type { Sha256Backend } from './sha256-backend.ts';

const STAGING_SIZE = 1 + 65_536;
/**
 * Bytes of a leaf from which OpenSSL is faster than four leaves at once in WebAssembly: 475 with nothing else to do, 680
 * where the garbage collector has to run.
 */
const LONG_LEAF = 576;

/**
 * SHA-256 by the OpenSSL inside Node where that is fastest: single hashes and long leaves. `batch` is asked for a backend
 * when the first batch of nodes or short leaves comes.
 */
export function createNativeBackend(batch: () => Sha256Backend): Sha256Backend {
  // One staging area each for nodes and leaves: calls are synchronous, so nothing else can see them half-filled.
  const pair = new Uint8Array(1 + 2 * HASH_SIZE);
  pair[0] = 0x01;
  const staging = new Uint8Array(STAGING_SIZE);
  let stagedLeaf = staging;

  // A digest as a string of bytes, copied out by hand, takes a third of the time of a digest as a Buffer. Loops, because
  // calls of the platform cost more than 32 bytes, and would move a new array out of the heap.
  function writeDigest(data: Uint8Array, output: Uint8Array, at: number): void {
    const digest = hash('sha256', data, 'latin1');
    for (let i = 0; i < HASH_SIZE; i++) output[at + i] = digest.charCodeAt(i);
  }

  function newDigest(data: Uint8Array): Hash {
    const output = new Uint8Array(HASH_SIZE);
    writeDigest(data, output, 0);
    return output as Hash;
  }

  /** `00 ‖ entry`. Neighbours often have the same length, and a view costs a twentieth of the hash. */
  function withPrefix(entry: Uint8Array): Uint8Array {
    const size = 1 + entry.length;
    if (size > STAGING_SIZE) {
      const long = new Uint8Array(size);
      long.set(entry, 1);
      return long;
    }
    if (stagedLeaf.length !== size) stagedLeaf = staging.subarray(0, size);
    stagedLeaf.set(entry, 1);
    return stagedLeaf;
  }

  return {
    name: 'node',
    digest: newDigest,

    leaf(entry) {
      return newDigest(withPrefix(entry));
    },

    node(left, right) {
      pair.set(left, 1);
      pair.set(right, 1 + HASH_SIZE);
      return newDigest(pair);
    },

    nodes(input, output, n) {
      if (n > 1) {
        batch().nodes(input, output, n);
        return;
      }
      checkNodes(input, output, n);
      if (n === 0) return;
      for (let i = 0; i < 2 * HASH_SIZE; i++) pair[1 + i] = input[i] ?? 0;
      writeDigest(pair, output, 0);
    },

    leaves(buffer, offsets, output) {
      const n = checkLeaves(buffer, offsets, output);
      const bytes = (offsets[n] ?? 0) - (offsets[0] ?? 0);
      if (n > 1 && bytes < LONG_LEAF * n && batch().name === 'wasm-simd') {
        batch().leaves(buffer, offsets, output);
        return;
      }
      for (let i = 0; i < n; i++) {
        writeDigest(withPrefix(buffer.subarray(offsets[i], offsets[i + 1])), output, HASH_SIZE * i);
      }
    },
  };
}
