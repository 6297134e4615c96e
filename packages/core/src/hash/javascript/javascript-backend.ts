import { HASH_SIZE, type Hash } from '../../bytes/hash-value.ts';
import { checkLeaves, checkNodes } from '../batch-arguments.ts';
import type { JavaScriptKernel } from '../gen/javascript-kernel.ts';
import type { Sha256Backend } from '../sha256-backend.ts';

const BLOCK_SIZE = 64;
const LENGTH_SIZE = 8;

/** SHA-256 in plain JavaScript, for where there is nothing better and for single hashes in browsers. */
export function createJavaScriptBackend(kernel: JavaScriptKernel): Sha256Backend {
  // Where messages do not lie as the kernel reads them: calls are synchronous, so nobody sees it half-filled.
  const staging = new Uint8Array(2 * BLOCK_SIZE);

  function hashBytes(prefix: 'leaf' | 'none', bytes: Uint8Array, from: number, to: number): void {
    let next = from;
    let staged = prefix === 'leaf' ? 1 : 0;
    const size = staged + (to - from);
    staging[0] = 0;
    kernel.start();
    if (size >= BLOCK_SIZE && staged > 0) {
      next += BLOCK_SIZE - staged;
      staging.set(bytes.subarray(from, next), staged);
      kernel.blocks(staging, 0, 1);
      staged = 0;
    }
    if (staged === 0) {
      const whole = Math.floor((to - next) / BLOCK_SIZE);
      kernel.blocks(bytes, next, whole);
      next += BLOCK_SIZE * whole;
    }
    staging.set(bytes.subarray(next, to), staged);
    kernel.blocks(staging, 0, pad(staged + (to - next), size));
  }

  /** Pads the `filled` staged bytes of a message of `size` bytes in all; returns the number of blocks. */
  function pad(filled: number, size: number): number {
    const blocks = filled + 1 + LENGTH_SIZE > BLOCK_SIZE ? 2 : 1;
    staging[filled] = 0x80;
    staging.fill(0, filled + 1, BLOCK_SIZE * blocks);
    let rest = size * 8;
    for (let at = BLOCK_SIZE * blocks - 1; rest > 0; at--) {
      staging[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return blocks;
  }

  function newDigest(): Hash {
    const output = new Uint8Array(HASH_SIZE);
    kernel.digest(output, 0);
    return output as Hash;
  }

  return {
    name: 'javascript',

    digest(data) {
      hashBytes('none', data, 0, data.length);
      return newDigest();
    },

    leaf(entry) {
      hashBytes('leaf', entry, 0, entry.length);
      return newDigest();
    },

    node(left, right) {
      const output = new Uint8Array(HASH_SIZE);
      for (let i = 0; i < HASH_SIZE; i++) {
        staging[i] = left[i] ?? 0;
        staging[HASH_SIZE + i] = right[i] ?? 0;
      }
      kernel.nodes(staging, output, 1);
      return output as Hash;
    },

    nodes(input, output, n) {
      checkNodes(input, output, n);
      kernel.nodes(input, output, n);
    },

    leaves(buffer, offsets, output) {
      const n = checkLeaves(buffer, offsets, output);
      for (let i = 0; i < n; i++) {
        hashBytes('leaf', buffer, offsets[i] ?? 0, offsets[i + 1] ?? 0);
        kernel.digest(output, HASH_SIZE * i);
      }
    },
  };
}
