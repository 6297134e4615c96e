import type { CheckpointStore, Version } from '@tilewright/log/ports';
import type { MemoryState } from './memory-state.ts';

/** One checkpoint, replaced by compare-and-set. */
export function memoryCheckpoints(state: MemoryState, minIntervalMs: number): CheckpointStore {
  return {
    minIntervalMs,
    async read() {
      const stored = state.checkpoint;
      return stored && { note: stored.note.slice(), version: stored.version };
    },
    async replace(note, expected) {
      if ((state.checkpoint?.version ?? 'absent') !== expected) return 'lost';
      state.replacements += 1;
      const version = String(state.replacements) as Version;
      state.checkpoint = { note: note.slice(), version };
      return version;
    },
  };
}
