import { asLeafIndex, asTreeSize, encodeHex } from '@tilewright/core/bytes';
import type { DedupeIndex } from '@tilewright/log/ports';
import type { MemoryState } from './memory-state.ts';

/** Leaf hashes in a map. */
export function memoryDedupe(state: MemoryState): DedupeIndex {
  return {
    async covered() {
      return state.covered;
    },
    async find(ids) {
      return ids.map((id) => state.dedupe.get(encodeHex(id)));
    },
    async add(from, ids) {
      if (from !== state.covered) return false;
      for (const [at, id] of ids.entries()) {
        const key = encodeHex(id);
        if (!state.dedupe.has(key)) state.dedupe.set(key, asLeafIndex(from + at));
      }
      state.covered = asTreeSize(from + ids.length);
      return true;
    },
    async reset() {
      state.dedupe.clear();
      state.covered = asTreeSize(0);
    },
    async close() {},
  };
}
