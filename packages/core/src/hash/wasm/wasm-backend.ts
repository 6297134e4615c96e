import { HASH_SIZE } from '../../bytes/hash-value.ts';
import { checkLeaves, checkNodes } from '../batch-arguments.ts';
import type { JavaScriptKernel } from '../gen/javascript-kernel.ts';
import { MEMORY } from '../gen/wasm-kernel.ts';
import type { Sha256Backend } from '../sha256-backend.ts';
import { LeafRuns } from './leaf-runs.ts';
import { instantiateKernel } from './wasm-instance.ts';

const PAIR_SIZE = 2 * HASH_SIZE;
// 64 KiB: what is copied in is still near when it is hashed.
const NODES_AT_ONCE = 1024;

/**
 * SHA-256 of four messages at once in WebAssembly, or nothing where that does not run. A single hash has nobody to share
 * the lanes with: `single` makes those, and the tables are taken from `tables`.
 */
export function createWasmBackend(tables: JavaScriptKernel, single: Sha256Backend): Sha256Backend | undefined {
  const kernel = instantiateKernel();
  if (kernel === undefined) return undefined;
  writeTables(new DataView(kernel.memory.buffer), tables);
  const memory = new Uint8Array(kernel.memory.buffer);
  const runs = new LeafRuns(kernel, single);
  // Calls with the same number of nodes follow each other, and for four nodes a view costs a tenth of the hashes.
  let hashes = memory.subarray(MEMORY.INPUT, MEMORY.INPUT);

  /** Hashes some pairs in the memory, into `hashes`. */
  const hashPairs = (pairs: Uint8Array): void => {
    memory.set(pairs, MEMORY.INPUT);
    // The last group may take up to three nodes of what is left in the memory: nobody reads their hashes.
    kernel.nodes(MEMORY.INPUT, MEMORY.INPUT + pairs.length, MEMORY.INPUT);
    if (2 * hashes.length !== pairs.length) hashes = memory.subarray(MEMORY.INPUT, MEMORY.INPUT + pairs.length / 2);
  };

  return {
    ...single,
    name: 'wasm-simd',

    nodes(input, output, n) {
      if (n === 1) return single.nodes(input, output, n);
      checkNodes(input, output, n);
      for (let from = 0; from < n; from += NODES_AT_ONCE) {
        const count = Math.min(NODES_AT_ONCE, n - from);
        const whole = count === n && input.length === PAIR_SIZE * n;
        hashPairs(whole ? input : input.subarray(PAIR_SIZE * from, PAIR_SIZE * (from + count)));
        output.set(hashes, HASH_SIZE * from);
      }
    },

    leaves(buffer, offsets, output) {
      const n = checkLeaves(buffer, offsets, output);
      for (let from = 0; from < n; ) from = runs.hashNext(buffer, offsets, output, from, n);
    },
  };
}

function writeTables(view: DataView, { roundConstants, secondBlocks }: JavaScriptKernel): void {
  roundConstants.forEach((constant, i) => {
    view.setInt32(MEMORY.ROUND_CONSTANTS + 4 * i, constant, true);
  });
  // This kernel adds the round constants itself.
  secondBlocks.forEach((word, i) => {
    view.setInt32(MEMORY.SECOND_BLOCKS + 4 * i, word - (roundConstants[i % 64] ?? 0), true);
  });
}
