import { HASH_SIZE } from '../../bytes/hash-value.ts';
import { MEMORY } from '../gen/wasm-kernel.ts';
import type { Sha256Backend } from '../sha256-backend.ts';
import type { WasmKernel } from './wasm-instance.ts';

const LANES = 4;
const BLOCK_SIZE = 64;
/** The prefix of a leaf, and the least padding: a bit and the length. */
const OVERHEAD = 1 + 9;

/** Hashes leaves run by run: as many neighbours as fit in the memory of the kernel, copied there in one piece. */
export class LeafRuns {
  readonly #kernel: WasmKernel;
  readonly #single: Sha256Backend;
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  /** Number of blocks and, below, number in the run: as numbers these sort by blocks. */
  readonly #order = new Uint32Array(MEMORY.MAX_LEAVES);

  constructor(kernel: WasmKernel, single: Sha256Backend) {
    this.#kernel = kernel;
    this.#single = single;
    this.#memory = new Uint8Array(kernel.memory.buffer);
    this.#view = new DataView(kernel.memory.buffer);
  }

  /** Hashes a run that starts with leaf `from` of `n`; returns where the next one starts. */
  hashNext(buffer: Uint8Array, offsets: ArrayLike<number>, output: Uint8Array, from: number, n: number): number {
    const start = offsets[from] ?? 0;
    let to = from;
    while (to < n && to - from < MEMORY.MAX_LEAVES && (offsets[to + 1] ?? 0) - start <= MEMORY.INPUT_SIZE) to++;
    if (to - from < 2) {
      // One that is too long for the memory, or has nobody to share the lanes with.
      output.set(this.#single.leaf(buffer.subarray(start, offsets[from + 1])), HASH_SIZE * from);
      return from + 1;
    }
    // The last group of a run would leave lanes empty that the next run can fill.
    if (to < n && to - from > LANES) to -= (to - from) % LANES;
    this.#memory.set(buffer.subarray(start, offsets[to]), MEMORY.INPUT);
    this.#list(offsets, from, to);
    const groups = Math.ceil((to - from) / LANES);
    this.#kernel.leaves(MEMORY.LEAF_LIST, MEMORY.LEAF_LIST + groups * LANES * MEMORY.LEAF_RECORD);
    const hashes = this.#memory.subarray(MEMORY.LEAF_OUTPUT, MEMORY.LEAF_OUTPUT + HASH_SIZE * (to - from));
    output.set(hashes, HASH_SIZE * from);
    return to;
  }

  /** Writes the list of leaves, sorted by number of blocks: the lanes of a group go on until the longest is done. */
  #list(offsets: ArrayLike<number>, from: number, to: number): void {
    const start = offsets[from] ?? 0;
    const count = to - from;
    const order = this.#order.subarray(0, count);
    for (let i = 0; i < count; i++) {
      const length = (offsets[from + i + 1] ?? 0) - (offsets[from + i] ?? 0);
      order[i] = Math.ceil((length + OVERHEAD) / BLOCK_SIZE) * MEMORY.MAX_LEAVES + i;
    }
    order.sort();
    // A last group that is not full hashes the last leaf again.
    for (let i = 0; i < Math.ceil(count / LANES) * LANES; i++) {
      const number = (order[Math.min(i, count - 1)] ?? 0) % MEMORY.MAX_LEAVES;
      const offset = offsets[from + number] ?? 0;
      const record = MEMORY.LEAF_LIST + MEMORY.LEAF_RECORD * i;
      this.#view.setUint32(record, MEMORY.INPUT + (offset - start), true);
      this.#view.setUint32(record + 4, (offsets[from + number + 1] ?? 0) - offset, true);
      this.#view.setUint32(record + 8, MEMORY.LEAF_OUTPUT + HASH_SIZE * number, true);
    }
  }
}
