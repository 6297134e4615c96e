import type { SignedCheckpoints } from '@tilewright/log/ports';
import type { MemoryState } from './memory-state.ts';

/** One note a size, in a map. */
export function memorySignedCheckpoints(state: MemoryState): SignedCheckpoints {
  return {
    async keep(size, note) {
      const kept = state.kept.get(size) ?? note.slice();
      state.kept.set(size, kept);
      return kept.slice();
    },
  };
}
