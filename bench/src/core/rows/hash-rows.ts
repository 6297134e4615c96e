import { type BackendName, selectBackend } from '@tilewright/core/hash';
import { type BenchRow, type Contestant, contestant } from '../bench-row.ts';
import { type HashLibrary, leafHasher, nodeHasher } from '../libraries.ts';
import { sampleBytes } from './sample-bytes.ts';

export const OURS: readonly BackendName[] = ['node', 'wasm-simd', 'javascript'];

/** A contestant beside those of small batches. */
export const FULL_RATE = 'wasm-simd, 1024 a call';

const NODES = 1024;
const LEAVES = 64;

/** Node hashes over one contiguous level, so many a call; others a call a node. */
export function nodeRows(libraries: readonly HashLibrary[]): BenchRow[] {
  const input = sampleBytes(64 * NODES);
  const output = new Uint8Array(32 * NODES);
  const batches = (name: string, backend: BackendName, batch: number): Contestant => {
    const ours = selectBackend(backend);
    const calls = Array.from({ length: NODES / batch }, (_, i) => ({
      input: input.subarray(64 * batch * i, 64 * batch * (i + 1)),
      output: output.subarray(32 * batch * i, 32 * batch * (i + 1)),
    }));
    return contestant(name, () => {
      for (const call of calls) ours.nodes(call.input, call.output, batch);
      return output;
    });
  };
  const others = libraries.map((library): Contestant => {
    const hashNode = nodeHasher(library);
    return contestant(library.name, () => {
      for (let i = 0; i < NODES; i++) {
        const at = 64 * i;
        output.set(hashNode(input.subarray(at, at + 32), input.subarray(at + 32, at + 64)), 32 * i);
      }
      return output;
    });
  });
  return [1, 4, 16, 64, 1024].map((batch): BenchRow => {
    const contestants = OURS.map((name) => batches(name, name, batch));
    // What part of the full rate a small batch reaches can only be said of the same rounds.
    if (batch === 4) contestants.push(batches(FULL_RATE, 'wasm-simd', NODES));
    return { name: nodeRowName(batch), unit: 'nodes', count: NODES, contestants: [...contestants, ...others] };
  });
}

/** Leaf hashes of entries side by side, 64 a call; others a call a leaf. The sizes count the prefix. */
export function leafRows(libraries: readonly HashLibrary[]): BenchRow[] {
  return [513, 1025, 2049].map((messageSize): BenchRow => {
    const size = messageSize - 1;
    const entries = sampleBytes(LEAVES * size);
    const offsets = Uint32Array.from({ length: LEAVES + 1 }, (_, i) => size * i);
    const output = new Uint8Array(32 * LEAVES);
    const ours = OURS.map((name): Contestant => {
      const backend = selectBackend(name);
      return contestant(name, () => {
        backend.leaves(entries, offsets, output);
        return output;
      });
    });
    const others = libraries.map((library) => {
      const hashLeaf = leafHasher(library, size);
      return contestant(library.name, () => {
        for (let i = 0; i < LEAVES; i++) output.set(hashLeaf(entries.subarray(size * i, size * (i + 1))), 32 * i);
        return output;
      });
    });
    return { name: leafRowName(messageSize), unit: 'leaves', count: LEAVES, contestants: [...ours, ...others] };
  });
}

export const nodeRowName = (batch: number): string => `nodes, ${batch} a call`;
export const leafRowName = (messageSize: number): string => `leaves of ${messageSize} bytes`;
